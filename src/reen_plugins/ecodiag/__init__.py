"""EcoDiag of the CNRS GDS EcoInfo: its method and its devices.

Computes what its page computes.
"""
