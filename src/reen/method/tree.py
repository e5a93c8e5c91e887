"""Tree: the questions that a function asks, in the order of its own decisions, and its answers.

A node is a question; its branches are answers; a leaf is a case.  The tree grows when a row
answers something new: only then does the function run.  Each kind of flow has a tree of its own:
in one for all, the cases of one kind would be multiplied by those of the others.  Several threads
may ask; one of them learns at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeAlias

from reen.errors import PluginError
from reen.method.answers import Answer
from reen.method.case import Path, Questions
from reen.method.questions import Question
from reen.method.reader import AnyRow, Test
from reen.plugins.guard import A_METHOD

__all__ = ["Asked", "CaseTree", "Node"]

#: What a node asks.
Asked: TypeAlias = Question | Test

#: Gives the answer for a row, by asking along a path.
Answering: TypeAlias = Callable[[Path], Answer]


class Node:
    """A question and its branches, or the number of a case."""

    __slots__ = ("asked", "branches", "case")

    def __init__(self) -> None:
        self.asked: Asked | None = None
        self.branches: dict[int, Node] = {}
        self.case = -1


class CaseTree:
    """The cases of one kind of flow that were met so far.

    Parameters
    ----------
    questions
        The questions of its function.
    answering
        Runs the function.
    """

    def __init__(self, questions: Questions, answering: Answering) -> None:
        self.questions = questions
        self._answering = answering
        self._learning = threading.RLock()
        self.root = Node()
        #: What becomes of each case, by number.
        self.answers: list[Answer] = []

    def __len__(self) -> int:
        """Return the number of cases."""
        return len(self.answers)

    def case_of(self, row: AnyRow) -> int:
        """Return the number of the case of a row."""
        node = self.root
        while node.case < 0:
            node = self.below(node, row)
        return node.case

    def below(self, node: Node, row: AnyRow) -> Node:
        """Return the node that a row comes to from another, learning its case if need be."""
        found = self._known(node, row)
        if found is None:
            self._learn(row)
            # a method that asks nothing more has one case here
            found = node if node.case >= 0 else self._known(node, row)
        if found is None:
            raise PluginError(
                A_METHOD,
                "asked other questions for one case than it did before: its function must depend on"
                " what it asks of the case and on options, and on nothing else; make an object"
                " whose method you give to case.of once, when the method is prepared",
            )
        return found

    def _known(self, node: Node, row: AnyRow) -> Node | None:
        if node.asked is None:
            return None
        asked = node.asked
        code = int(row.holds(asked)) if isinstance(asked, Test) else row.code(asked)
        return node.branches.get(code)

    def _learn(self, row: AnyRow) -> None:
        """Run the function for a row, and let what it asked join the tree."""
        with self._learning:
            path = Path(self.questions, row)
            answer = self._answering(path)
            node, known = self.root, 0
            for asked, code in path.steps:
                if node.case >= 0 or (node.asked is not None and node.asked != asked):
                    return  # not what was asked before: whoever walks will find no way on
                below = node.branches.get(code)
                if below is None:
                    below = node.branches[code] = Node()
                else:
                    known += 1
                node.asked = asked
                node = below
            # what was asked along branches that were there is noted already
            self.questions.follow(path.steps[known:])
            if node.case < 0 and node.asked is None:
                self.answers.append(answer)
                node.case = len(self.answers) - 1
