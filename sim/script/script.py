"""A script: its text as a Python module, and its two hooks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from hashlib import blake2s
from types import ModuleType
from typing import Any

from sim.script.control import PlantControl
from sim.script.error import ScriptError, explained
from sim.script.rules import Rules
from twin.errors import Problem
from twin.plant.scenario import ScenarioScript

HOOKS = ("rules", "setup")


class Script:
    """The script of a scenario, loaded: this runs the module's top level.

    Raises
    ------
    ScriptError
        It is no Python, fails while it is loaded, or has no hook.
    """

    def __init__(self, script: ScenarioScript) -> None:
        self.path = script.path
        self._name = f"celltwin_script_{blake2s(script.text.encode(), digest_size=8).hexdigest()}"
        module = ModuleType(self._name)
        module.__file__ = script.path
        sys.modules[self._name] = module
        try:
            exec(compile(script.text, script.path, "exec"), module.__dict__)  # noqa: S102
        except Exception as error:
            told = explained(self.path, error, None)
            if told is None:
                raise
            raise told from error
        self._module = module
        if not any(callable(getattr(module, hook, None)) for hook in HOOKS):
            what = "has neither a function 'setup(plant)' nor 'rules(rules)'."
            raise ScriptError(Problem(self.path, what, "See docs/how-to/scripts.md."))

    def rules(self, rules: Rules) -> None:
        """Let the script add its dispatch rules."""
        self._call("rules", rules)

    def setup(self, plant: PlantControl) -> None:
        """Let the script prepare what it does with the plant."""
        self._call("setup", plant)

    def _call(self, hook: str, argument: Any) -> None:
        function: Callable[[Any], None] | None = getattr(self._module, hook, None)
        if function is not None:
            function(argument)
