// What the colours mean at this moment: states, flags or filling; and how a thing is described.
const KINDS = {
  machine: 'Machine', robot: 'Robot', agv: 'Vehicle', crane: 'Crane', worker: 'Worker',
  buffer: 'Buffer', conveyor: 'Conveyor',
};
const RANK = { critical: 2, warning: 1 };

export function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (n) => String(n).padStart(2, '0');
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

export class Paint {
  constructor(view) {
    this.view = view;
    this.flags = [];
    this.mode = 'state';
    this.shown = '';
  }

  meaning(flags, mode) {
    this.flags = flags;
    this.mode = mode ?? 'state';
    this.shown = '';
  }

  // Flags that hold now.
  now() {
    const { time } = this.view.clock;
    return this.flags.filter((f) => f.since_s <= time && time < (f.until_s ?? Infinity));
  }

  apply(changed) {
    const { view } = this;
    const { moment, scene } = view;
    const flags = this.now();
    const key = `${moment.state}|${flags.map((f) => `${f.workcell}${f.resource}${f.since_s}`)}|${this.mode}`;
    if (key !== this.shown) {
      this.shown = key;
      this.colour(scene, moment, flags);
    }
    if (view.world && this.mode === 'wip' && changed) this.fill(view.world, moment);
    if (view.world) view.world.bars.mesh.visible = this.mode === 'wip';
  }

  colour(scene, moment, flags) {
    const { view } = this;
    const things = [...scene.machines, ...scene.robots];
    const states = things.map(({ id }) => scene.states[moment.state[view.things.resource.get(id)]]);
    const flagged = new Map(flags.map((f) => [f.resource, scene.palette[f.severity] ?? scene.palette.warning]));
    const alarm = things.map(({ id, station }, i) => flagged.get(id) ?? flagged.get(station)
      ?? (this.mode === 'state' && states[i]?.abnormal ? states[i].colour : null));
    if (view.world) {
      const lamps = scene.machines.map((_, i) => (this.mode === 'state' && states[i]?.colour) || alarm[i] || scene.palette.normal);
      view.world.lamps.paint(lamps);
      view.world.frames.paint(alarm);
      view.world.pins.show(this.pins(flags));
    } else {
      view.picture.colours = alarm;
    }
    this.label(flags);
  }

  pins(flags) {
    const { things, moment, scene } = this.view;
    return flags.map((f) => ({ thing: things.byId.get(f.resource), severity: f.severity }))
      .filter(({ thing }) => thing)
      .map(({ thing, severity }) => {
        const box = things.boxOf(thing, moment);
        return box && {
          at: [box.position[0], box.position[1], box.position[2] + box.size[2] + 0.8],
          colour: scene.palette[severity] ?? scene.palette.warning,
        };
      }).filter(Boolean);
  }

  label(flags) {
    const worst = new Map();
    for (const flag of [...flags].sort((a, b) => (RANK[a.severity] ?? 0) - (RANK[b.severity] ?? 0))) {
      const cause = String(flag.cause ?? '').replaceAll('_', ' ');
      worst.set(flag.workcell, { severity: flag.severity, text: flag.label ?? cause });
    }
    this.view.overlay.flags(worst);
  }

  fill(world, moment) {
    const { palette, places } = this.view.scene;
    const index = new Map(places.map((place, i) => [place.id, i]));
    const shares = world.stock.map((place) => Math.min(moment.level(index.get(place.id)) / (place.capacity || 1), 1));
    world.bars.paint(shares, shares.map((share) => (share >= 0.95 ? palette.warning : palette.selected)));
  }

  stateName(resource) {
    const { moment, scene } = this.view;
    return scene.states[moment.state[resource]]?.name ?? null;
  }

  // Lines of the tooltip.
  describe(thing) {
    const { moment, scene, clock: time } = this.view;
    const said = [KINDS[thing.kind] ?? thing.kind];
    const state = thing.resource === undefined ? null : this.stateName(thing.resource);
    if (state) {
      const reason = scene.reasons[moment.reason[thing.resource]];
      const held = clock(Math.max(time.time - moment.since[thing.resource], 0));
      said.push(`${state.replaceAll('_', ' ')}${reason ? ` (${reason.replaceAll('_', ' ')})` : ''} for ${held}`);
    }
    if (thing.kind === 'robot') said.push(...this.robot(thing));
    if (thing.what.capacity) said.push(`${moment.level(thing.index)} of ${thing.what.capacity} lots`);
    if (thing.what.rack) said.push(this.store(thing.what.station));
    const pose = thing.box ? null : moment.poses[thing.index];
    if (pose?.load > 0 && scene.items[pose.item]) said.push(`carries ${pose.load} × ${scene.items[pose.item].label}`);
    return said;
  }

  store(station) {
    const { moment, scene } = this.view;
    const index = scene.places.findIndex((place) => place.id === station);
    return `${moment.level(index)} of ${scene.places[index].capacity} slots in all its towers`;
  }

  robot(thing) {
    const { moment, scene } = this.view;
    const step = scene.robots[thing.index].steps[moment.step[thing.index]];
    const cause = scene.causes[moment.cause[thing.index]];
    return step ? [`step ${step.name.replaceAll('_', ' ')}${cause ? `: ${cause.replaceAll('_', ' ')}` : ''}`] : [];
  }
}
