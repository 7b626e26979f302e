"""Templates: objects that start from a named partial object (``like: name``)."""

from __future__ import annotations

from twin.errors import nearest
from twin.plant.fields import object_keys
from twin.plant.tree import Node, Problems, merged

_Key = tuple[str, str]


def apply_templates(root: Node, templates: Node | None, problems: Problems) -> Node:
    """Return the tree with every ``like`` replaced by what it stands for.

    Parameters
    ----------
    root : Node
    templates : Node or None
        The file's ``templates:``, a mapping kind -> name -> partial object.
    problems : Problems
        Receives unknown kinds and names, and templates that are like themselves.
    """
    return _Templates(_read(templates, problems), problems).applied(root, ("", ""), ())


def _read(templates: Node | None, problems: Problems) -> dict[str, dict[str, Node]]:
    if templates is None:
        return {}
    if not isinstance(templates.value, dict):
        problems.add(templates, "'templates' must be a mapping, e.g. 'stations: {stacker: {...}}'.")
    groups: dict[str, dict[str, Node]] = {}
    for kind, group in templates.fields.items():
        if kind not in object_keys():
            what = f"templates: unknown kind '{kind}'{nearest(kind, object_keys())}."
            problems.add(group, what, "Use the key the objects stand under, e.g. 'stations'.")
        elif not isinstance(group.value, dict):
            problems.add(group, f"templates: '{kind}' must be a mapping of name to object.")
        else:
            groups[kind] = group.fields
            for name, template in group.fields.items():
                if not isinstance(template.value, dict):
                    problems.add(template, f"template '{name}' must be an object (key: value).")
    return groups


class _Templates:
    def __init__(self, groups: dict[str, dict[str, Node]], problems: Problems) -> None:
        self.groups = groups
        self.problems = problems

    def applied(self, node: Node, kinds: _Key, chain: tuple[_Key, ...]) -> Node:
        """Resolve a node; `kinds` are the keys it and its parent stand under."""
        if isinstance(node.value, list):
            return node.map_children(lambda _, item: self.applied(item, kinds, chain))
        below = node.map_children(lambda key, child: self.applied(child, (key, kinds[0]), chain))
        if "like" not in below.fields:
            return below
        like = below.fields["like"]
        own = below.with_value({k: v for k, v in below.fields.items() if k != "like"})
        found = self._find(like, kinds)
        if found is None:
            return own
        if found in chain:
            loop = " -> ".join(f"'{name}'" for _, name in (*chain[chain.index(found) :], found))
            self.problems.add(like, f"template '{found[1]}' is like itself ({loop}).")
            return own
        kind, name = found
        base = self.applied(self.groups[kind][name], (kind, ""), (*chain, found))
        result = merged(base, own)
        if kind == "stations" and not chain and "asset" not in result.fields:
            return result.with_value({**result.fields, "asset": like})
        return result

    def _find(self, like: Node, kinds: _Key) -> _Key | None:
        """Return kind and name of a template, or note the problem."""
        name = like.value
        if not isinstance(name, str):
            self.problems.add(like, "'like' must be the name of a template.")
            return None
        for kind in kinds:
            if name in self.groups.get(kind, {}):
                return (kind, name)
        elsewhere = [kind for kind, group in self.groups.items() if name in group]
        known = [other for kind in kinds for other in self.groups.get(kind, {})]
        if elsewhere:
            hint = f"it is one of '{elsewhere[0]}'"
            self.problems.add(like, f"'{kinds[0]}' has no template '{name}'; {hint}.")
        else:
            what = f"template '{name}' does not exist{nearest(name, known)}."
            self.problems.add(like, what, f"Add it under 'templates: {kinds[0]}:' or correct it.")
        return None
