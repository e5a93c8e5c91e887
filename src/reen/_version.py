"""The version, in a file of its own: the build reads it as text, without importing the package.

Semantic versioning; CONTRIBUTING.md says what each part promises.
"""

__version__ = "0.1.0"
