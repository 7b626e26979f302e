"""A WIP limit: sources bring nothing more while too many lots wait in the plant (CONWIP).

Every 60 s it counts the lots in all buffers and conveyors. From 80 % of their capacity on all
sources are held; below 60 % they go on. The key figure `held_share` is the share of time held.
"""

from sim.script import PlantControl
from twin.run.run import Run

CHECK_S = 60.0
HOLD_FROM, GO_ON_BELOW = 0.8, 0.6


def setup(plant: PlantControl) -> None:
    """Start the watcher and define the key figure."""
    model = plant.model
    places = [plant.place(name) for name in (*model.buffers, *model.conveyors)]
    sources = [plant.source(source.id) for source in model.sources]
    held_s = [0.0]
    is_held = [False]

    def watch() -> None:
        held_s[0] += CHECK_S * is_held[0]
        filled = sum(p.level for p in places) / sum(p.capacity for p in places)
        if filled >= HOLD_FROM and not is_held[0]:
            is_held[0] = True
            for source in sources:
                source.hold()
        elif filled < GO_ON_BELOW and is_held[0]:
            is_held[0] = False
            for source in sources:
                source.go_on()

    def held_share(run: Run) -> float:
        return held_s[0] / run.horizon_s

    plant.every(CHECK_S, watch)
    plant.kpi("held_share", held_share, unit="1", definition="Share of time the sources were held.")
