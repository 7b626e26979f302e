"""Rules of products and orders: every product can be made where it goes, every order started."""

from __future__ import annotations

from collections.abc import Iterable

from twin.errors import nearest
from twin.plant.flow import Hop, hops
from twin.plant.plant import Plant
from twin.plant.reporter import Reporter
from twin.plant.routing import Order
from twin.plant.station import Station

NO_PRODUCT = ""
"""Stands for lots that no source gave a product."""


def check_products(plant: Plant, report: Reporter) -> None:
    """Report products without a recipe or a way, and orders nothing can start.

    Parameters
    ----------
    plant : Plant
        With all references correct.
    report : Reporter
        Receives every problem.
    """
    _check_names(plant, report)
    _check_orders(plant, report)
    _check_sources(plant, report)
    arriving = products_at(plant)
    for station in plant.stations.values():
        _check_recipes(station, arriving.get(station.id, frozenset()), plant, report)


def has_products(plant: Plant) -> bool:
    """Whether a source gives its lots a product at all."""
    return any(s.product or s.mix or s.orders for s in plant.sources)


def products_at(plant: Plant) -> dict[str, frozenset[str]]:
    """Return the products that reach every place and station (``""``: lots without one)."""
    found: dict[str, set[str]] = {}
    ways = hops(plant)
    waiting = [(s.put, product) for s in plant.sources for product in products_of(plant, s.id)]
    following: dict[str, list[Hop]] = {}
    for hop in ways:
        following.setdefault(hop.start, []).append(hop)
    while waiting:
        name, product = waiting.pop()
        if product in found.setdefault(name, set()):
            continue
        found[name].add(product)
        waiting += [
            (hop.end, product) for hop in following.get(name, ()) if _carries(plant, hop, product)
        ]
    return {name: frozenset(products) for name, products in found.items()}


def _carries(plant: Plant, hop: Hop, product: str) -> bool:
    """Whether a product goes a way: its filter, and the first input of an assembly, decide."""
    station = plant.stations.get(hop.owner) if hop.kind == "stations" else None
    if station is None:
        return True
    if hop.start != station.id:
        return station.kind != "assembly" or hop.start == station.take[0].place
    if station.route is None:
        return True
    ways = [way for way in station.route.ways if way.to == hop.end]
    return any(product in way.products or not way.products for way in ways)


def products_of(plant: Plant, source: str) -> frozenset[str]:
    """Return the products a source gives its lots."""
    found = next(s for s in plant.sources if s.id == source)
    if found.orders:
        return frozenset(o.product for o in orders_of(plant, source))
    if found.mix:
        return frozenset(found.mix)
    return frozenset({found.product or NO_PRODUCT})


def orders_of(plant: Plant, source: str) -> list[Order]:
    """Return the orders a source brings: by release, then the most urgent."""
    only = len([s for s in plant.sources if s.orders]) == 1
    own = [o for o in plant.orders if o.source == source or (o.source is None and only)]
    return sorted(own, key=lambda o: (o.release, -o.priority, _due_s(o), o.id))


def _due_s(order: Order) -> float:
    return float("inf") if order.due is None else order.due


def _check_names(plant: Plant, report: Reporter) -> None:
    """Check the names of products and families that stand in lists and mappings."""
    known = [product.id for product in plant.products]
    for source in plant.sources:
        _check_known(source.mix, known, report, ("sources", source.id, "mix"))
    for station in plant.stations.values():
        ways = station.route.ways if station.route else []
        for k, way in enumerate(ways):
            key = f"route.ways.{k}.products"
            _check_known(way.products, known, report, ("stations", station.id, key))
        names = [recipe.product for recipe in station.recipes]
        for name in sorted({name for name in names if names.count(name) > 1}):
            what = f"has two recipes for the product '{name}'."
            report.at("stations", station.id, "recipes", what, "Make it one.")


def _check_known(
    names: Iterable[str], known: list[str], report: Reporter, at: tuple[str, str, str]
) -> None:
    for name in names:
        if name not in known:
            what = f"product '{name}' does not exist{nearest(name, known)}."
            report.at(*at, what, "Add it under 'products' or correct the name.")


def _check_orders(plant: Plant, report: Reporter) -> None:
    bringing = [source.id for source in plant.sources if source.orders]
    for order in plant.orders:
        if order.source is not None and order.source not in bringing:
            what = f"source '{order.source}' does not bring orders."
            report.at("orders", order.id, "from", what, "Write 'orders: true' there.")
        elif not bringing:
            what = "no source brings orders."
            report.at("orders", order.id, "", what, "Write 'orders: true' in a source.")
        elif order.source is None and len(bringing) > 1:
            what = f"which of the sources {', '.join(sorted(bringing))} brings it?"
            report.at("orders", order.id, "from", what, "Write 'from'.")
        if order.due is not None and order.due < order.release:
            what = f"is due at {order.due:g} s, before its release at {order.release:g} s."
            report.at("orders", order.id, "due", what)


def _check_sources(plant: Plant, report: Reporter) -> None:
    for source in plant.sources:
        says = [k for k in ("product", "mix", "orders") if getattr(source, k)]
        if len(says) > 1:
            what = f"'{says[0]}' and '{says[1]}' exclude each other."
            report.at("sources", source.id, says[1], what)
        if source.orders and not orders_of(plant, source.id):
            what = "brings orders, but there is none for it."
            report.at("sources", source.id, "orders", what, "Add it under 'orders'.")
        if source.release is None:
            continue
        ends = {s.id for s in plant.stations.values() if s.kind != "store"}
        if source.release.until not in ends | {sink.id for sink in plant.sinks}:
            what = f"a section cannot end at the store '{source.release.until}'."
            report.at("sources", source.id, "release.until", what, "Name a station or a sink.")


def _check_recipes(
    station: Station, products: frozenset[str], plant: Plant, report: Reporter
) -> None:
    if station.kind == "robot" and any(recipe.cycle for recipe in station.recipes):
        what = "a robot station has no 'cycle': the robot's program is its cycle."
        report.at("stations", station.id, "recipes", what, "Remove it from the recipes.")
    for product in sorted(products):
        said = f"product '{product}'" if product else "lots without a product"
        recipe = station.recipe(product)
        timed = station.cycle is not None or station.kind == "robot" or not station.recipes
        if not timed and (recipe is None or recipe.cycle is None):
            what = f"{said} reaches it, but it has no recipe with a 'cycle' for that."
            remedy = "Add one under 'recipes', a 'cycle' for all others, or another way."
            report.at("stations", station.id, "recipes", what, remedy)
        ways = station.route.ways if station.route else []
        if ways and not any(product in w.products or not w.products for w in ways):
            what = f"{said} reaches it, but no way of its route takes that."
            report.at("stations", station.id, "route", what, "Add a way with it in 'products'.")
    _check_families(station, products, plant, report)


def _check_families(
    station: Station, products: frozenset[str], plant: Plant, report: Reporter
) -> None:
    """Check that a changeover speaks of families its products have."""
    changeover = station.changeover
    if changeover is None:
        return
    if station.kind in {"store", "batch"}:
        what = f"a station of kind '{station.kind}' has no changeover."
        report.at("stations", station.id, "changeover", what, "Remove it.")
    families = sorted({family_of(plant, station, product) for product in products} - {NO_PRODUCT})
    named = {*changeover.times_s, *(to for row in changeover.times_s.values() for to in row)}
    named |= {changeover.start} if changeover.start else set()
    for name in sorted(named - set(families)):
        what = f"'{name}' is no family of a product that reaches it{nearest(name, families)}."
        allowed = f"Families here: {', '.join(families) or 'none'}."
        report.at("stations", station.id, "changeover", what, allowed)


def family_of(plant: Plant, station: Station, product: str) -> str:
    """Return the setup family of a product at a station: the recipe's, the product's, itself."""
    recipe = station.recipe(product)
    if recipe is not None and recipe.family is not None:
        return recipe.family
    known = next((p for p in plant.products if p.id == product), None)
    return known.family or product if known is not None else product
