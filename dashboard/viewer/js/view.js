// One view: properties in, events out; ties clock, data, picture and overlay together.
import { Vector3 } from 'three';
import { Rig } from './camera.js';
import { Clock } from './clock.js';
import { sourceOf } from './data.js';
import { Moment } from './moment.js';
import { Overlay } from './overlay.js';
import { Paint } from './paint.js';
import { Plan } from './plan.js';
import { Pointer } from './pointer.js';
import { Things } from './things.js';
import { World } from './world.js';

const FRAMES_KEPT = 120;
const STILL_MS = 150;

export class View {
  constructor(host, setProps) {
    this.host = host;
    this.setProps = setProps;
    this.props = {};
    this.clock = new Clock((changed) => this.report(changed));
    this.costs = [];
    this.frames = 0;
    this.dirty = true;
    this.frame = 0;
    this.layers = {};
    host.tabIndex = 0;
    this.resizing = new ResizeObserver(() => this.resize());
    this.resizing.observe(host);
    this.seen = () => this.invalidate();
    document.addEventListener('visibilitychange', this.seen);
  }

  report(changed) {
    if (!this.gone) this.setProps(changed);
  }

  update(props, before) {
    this.props = props;
    const is = (name) => props[name] !== before[name];
    if (is('src') || (is('mode') && this.source)) this.open(props.src);
    if (is('speed')) this.clock.speed = props.speed ?? 1;
    if (is('loop')) this.clock.loop = props.loop ?? null;
    if (is('playing')) this.clock.play(Boolean(props.playing));
    if (is('setPlayhead')) this.asked(props.setPlayhead);
    if (!this.picture) return;
    if (is('selected')) this.select(props.selected ?? null);
    if (is('camera')) this.aim(props.camera);
    if (is('flags') || is('colours')) this.paint.meaning(props.flags ?? [], props.colours);
    if (is('layers')) this.showLayers(props.layers ?? {});
    if (is('controls')) this.overlay.controls(props.controls !== false);
    this.invalidate();
  }

  asked(time) {
    if (time === null || time === undefined) return;
    this.report({ setPlayhead: null });
    this.seek(Number(time));
  }

  seek(time) {
    if (!this.picture) this.clock.time = time;
    else this.clock.seek(time);
    this.invalidate();
  }

  async open(src) {
    this.close();
    this.source = null;
    if (!src) return;
    const source = sourceOf(src);
    this.source = source;
    try {
      const scene = await source.scene;
      if (this.gone || this.source !== source) return;
      this.begin(scene);
    } catch (error) {
      this.report({ error: `The 3D view cannot show this run: ${error.message}` });
    }
  }

  begin(scene) {
    const { props } = this;
    this.scene = scene;
    this.things = new Things(scene);
    this.moment = new Moment(scene);
    this.overlay = new Overlay(this.host, scene, { camera: (name) => this.aim(name), walk: () => this.walk() });
    this.draws = this.makePicture();
    this.paint = new Paint(this);
    this.pointer = new Pointer(this);
    this.clock.end = scene.horizon_s;
    this.clock.time = Math.min(this.clock.time || props.playhead || 0, scene.horizon_s);
    this.resize();
    this.overlay.controls(props.controls !== false);
    this.showLayers(props.layers ?? {});
    this.paint.meaning(props.flags ?? [], props.colours);
    this.aim(props.camera ?? 'overview', true);
    this.select(props.selected ?? null);
    this.invalidate();
  }

  // 3D where there is WebGL, else the floor plan.
  makePicture() {
    const { host, scene, things, props } = this;
    if (props.mode !== '2d') {
      try {
        this.world = new World(host, scene, things, props.theme);
        this.picture = this.world;
        this.rig = new Rig(this.world.camera, this.world.renderer.domElement, scene, {
          changed: () => this.invalidate(), moved: () => this.tellCamera(),
        });
        return '3d';
      } catch (error) {
        this.why = String(error.message ?? error);
      }
    }
    this.world = null;
    this.rig = null;
    this.picture = new Plan(host, scene, things, props.theme);
    this.overlay.bar.remove();
    return '2d';
  }

  get canvas() {
    return this.world ? this.world.renderer.domElement : this.picture.element;
  }

  resize() {
    if (!this.picture) return;
    const { clientWidth: width, clientHeight: height } = this.host;
    if (!width || !height) return;
    [this.width, this.height] = [width, height];
    this.picture.resize(width, height);
    this.invalidate();
  }

  showLayers(layers) {
    this.layers = layers;
    for (const name of ['people', 'agvs', 'product', 'zones', 'labels', 'building', 'lanes']) {
      this.picture.layer(name, layers[name] !== false);
    }
  }

  visible(kind) {
    const layer = { worker: 'people', agv: 'agvs', crane: 'agvs' }[kind];
    return !layer || this.layers[layer] !== false;
  }

  select(id) {
    this.selected = id ? this.things.byId.get(id) ?? null : null;
    if (!this.world) this.picture.selected = this.selected;
    this.overlay.selected(this.selected);
    this.invalidate();
  }

  // A click or double click of the user.
  picked(thing, opened) {
    this.select(thing?.what.id ?? null);
    const changed = { selected: thing?.what.id ?? null };
    if (thing) changed.n_selected = (this.props.n_selected ?? 0) + 1;
    if (thing && opened) changed.n_opened = (this.props.n_opened ?? 0) + 1;
    this.report(changed);
    if (thing && opened) this.aim(`object:${thing.what.id}`);
  }

  walk() {
    if (!this.rig) return;
    this.rig.interrupt();
    this.rig.walk(!this.rig.walking);
    this.overlay.walking(this.rig.walking);
  }

  aim(camera, atOnce = false) {
    if (!this.rig || !camera) return;
    if (typeof camera === 'object') {
      if (camera === this.told) return;
      this.rig.go({ eye: new Vector3(...camera.eye), target: new Vector3(...camera.target) }, atOnce);
    } else this.aimAt(camera, atOnce);
    this.overlay.walking(this.rig.walking);
  }

  aimAt(name, atOnce) {
    const [kind, id] = name.includes(':') ? name.split(/:(.*)/) : [name, this.selected?.what.id];
    const thing = this.things.byId.get(id);
    if (kind === 'walk') this.walk();
    else if (kind === 'tour') this.rig.tour(this.scene.tour);
    else if (kind === 'robot' && thing?.kind === 'robot') this.rig.ride(thing.index);
    else if (kind === 'follow' && thing) this.chase(thing);
    else if (kind === 'workcell') {
      this.aimAtBox(this.workcellBox(id), atOnce, this.workcell(id)?.members);
    }
    else if ((kind === 'object' || kind === 'selected') && thing) {
      this.aimAtBox(this.things.bounds(thing, this.moment)?.expandByScalar(1.2), atOnce, [id]);
    } else if (this.rig.direction(kind)) {
      this.rig.go(this.rig.fit(this.world.bounds(), this.rig.direction(kind)), atOnce);
    }
  }

  chase(thing) {
    const bounds = this.things.bounds(thing, this.moment)?.expandByScalar(3);
    if (!bounds) return;
    this.rig.go(this.rig.fit(bounds, this.rig.direction('overview'), { centred: true }), true);
    this.rig.follow(thing.what.id, this.things.centre(thing, this.moment));
  }

  // Look at a box from the side that shows it best, preferably the present one.
  aimAtBox(box, atOnce, ids = []) {
    if (!box) return;
    const { x, y } = this.rig.camera.position.clone().sub(this.rig.controls.target);
    const now = Math.hypot(x, y) > 1 ? Math.atan2(y, x) : -Math.PI / 2;
    const shown = new Set(ids);
    const views = [0, 1, -1, 2, -2, 3, -3, 4].map((turn) => {
      const angle = now + (turn * Math.PI) / 4;
      const view = this.rig.fit(box, [Math.cos(angle), Math.sin(angle), 0.62], { margin: 1.12, centred: true });
      const points = [0.2, 0.5, 0.8].map((f) => new Vector3().lerpVectors(box.min, box.max, f));
      const hidden = points.reduce((n, point) => n + this.things.between(view.eye, point, this.moment, shown), 0);
      return { ...view, cost: hidden + Math.abs(turn) * 0.1 };
    });
    this.rig.go(views.reduce((a, b) => (b.cost < a.cost ? b : a)), atOnce);
  }

  workcell(id) {
    return this.scene.workcells.find((w) => w.id === id);
  }

  workcellBox(id) {
    const workcell = this.workcell(id);
    if (!workcell) return null;
    const boxes = workcell.members.map((member) => this.things.byId.get(member))
      .filter(Boolean).map((thing) => this.things.bounds(thing, this.moment)).filter(Boolean);
    return boxes.length ? boxes.slice(1).reduce((a, b) => a.union(b), boxes[0]).expandByScalar(0.8) : null;
  }

  tellCamera() {
    if (this.rig.robot !== null || this.rig.following) return;
    const round = (v) => v.toArray().map((c) => Math.round(c * 100) / 100);
    this.told = { eye: round(this.rig.camera.position), target: round(this.rig.controls.target) };
    this.report({ camera: this.told });
  }

  invalidate() {
    this.dirty = true;
    if (!this.frame && this.picture && !this.gone) {
      this.frame = requestAnimationFrame((now) => this.tick(now));
    }
  }

  tick(now) {
    this.frame = 0;
    if (this.gone || !this.picture) return;
    const k = Math.floor(this.clock.time / this.scene.chunk_s);
    const chunk = this.source.chunk(Math.min(k, this.scene.n_chunks - 1));
    this.clock.tick(now, !chunk);
    if (chunk) this.show(chunk, now);
    else this.wait(k);
    if (this.clock.playing || this.rig?.busy || this.dirty) this.invalidate();
    else if (this.world?.resolution.coarse) this.settle();
  }

  // Draw once more, finely, when nothing has changed for a moment.
  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      if (this.frame || this.gone || !this.world) return;
      this.world.resolution.rest();
      this.render = { ...this.world.draw() };
      this.frames += 1;
    }, STILL_MS);
  }

  wait(k) {
    const failed = this.source.failed.get(k);
    this.overlay.say(failed ? `This part of the run cannot be shown: ${failed}` : 'Loading…');
    this.dirty = false;
    if (failed) return;
    this.source.load(Math.min(k, this.scene.n_chunks - 1)).then(() => this.invalidate());
  }

  show(chunk, now) {
    const began = performance.now();
    this.dirty = false;
    const changed = this.moment.set(chunk, Math.min(this.clock.time, chunk.end));
    this.paint.apply(changed);
    this.overlay.say('');
    if (this.world) this.show3d(now, changed);
    else this.show2d();
    this.ahead(chunk);
    this.keep(performance.now() - began);
    if (!this.told_ready) {
      this.told_ready = true;
      this.report({ ready: true, playhead: this.clock.time, error: null });
    }
  }

  show2d() {
    this.picture.draw(this.moment);
    this.label((at) => {
      const [x, y] = this.picture.toPixels(at.x, at.y);
      return { x, y: y + 10, distance: 0, behind: false };
    });
  }

  show3d(now, changed) {
    const { world, rig, moment } = this;
    world.pose(moment, changed);
    rig.step(now, (id) => this.things.centre(this.things.byId.get(id), moment), (i) => world.toolFrame(i));
    world.selection.show(this.selected && this.things.boxOf(this.selected, moment));
    world.resolution.step(now);
    this.render = { ...world.draw() };
    this.label((at) => ({ ...this.toPixels(at), distance: at.distanceTo(world.camera.position) }));
  }

  label(project) {
    this.overlay.place(project, this.width, this.height, this.layers.labels !== false);
  }

  toPixels(at) {
    const p = at.clone().project(this.world.camera);
    return { x: ((p.x + 1) / 2) * this.width, y: ((1 - p.y) / 2) * this.height, behind: p.z > 1 };
  }

  // Load the next chunk before it is needed.
  ahead(chunk) {
    if (!this.clock.playing) return;
    const next = this.clock.speed < 0 ? chunk.start - 1 : chunk.end + 1;
    const k = Math.floor(next / this.scene.chunk_s);
    if (k >= 0 && k < this.scene.n_chunks) this.source.chunk(k);
  }

  keep(cost) {
    this.frames += 1;
    this.costs.push(cost);
    if (this.costs.length > FRAMES_KEPT) this.costs.shift();
  }

  stats() {
    const sorted = [...this.costs].sort((a, b) => a - b);
    return {
      mode: this.draws, why: this.why ?? null, playhead: this.clock.time, playing: this.clock.playing,
      frames: this.frames, cpu_ms: sorted[Math.floor(sorted.length / 2)] ?? null,
      draw_calls: this.render?.calls ?? null, triangles: this.render?.triangles ?? null,
      drawn: this.picture?.drawn ?? null, chunks: this.source?.chunks.size ?? 0,
      ready: Boolean(this.told_ready), sharp: !this.world?.resolution.coarse, plain: this.world?.quality.plain ?? null, lots: this.moment?.lots.length ?? 0,
      camera: this.rig && {
        eye: this.rig.camera.position.toArray(), target: this.rig.controls.target.toArray(),
        walking: this.rig.walking,
      },
    };
  }

  poseOf(id) {
    const thing = this.things?.byId.get(id);
    if (!thing) return null;
    const { moment, world } = this;
    if (thing.kind === 'robot') {
      const tip = world && world.toolFrame(thing.index).tip.toArray();
      return { angles_deg: moment.angles[thing.index].slice(), tip, holding: moment.holding[thing.index] };
    }
    if (!thing.box) return { ...moment.poses[thing.index] };
    const resource = thing.resource === undefined ? null : this.paint.stateName(thing.resource);
    return { ...thing.box(), state: resource, level: thing.what.capacity ? moment.level(thing.index) : null };
  }

  // Where a thing is in the picture, in pixels of the page.
  screenOf(id) {
    const thing = this.things?.byId.get(id);
    const centre = thing && this.things.centre(thing, this.moment);
    if (!centre) return null;
    const corner = this.canvas.getBoundingClientRect();
    if (!this.world) {
      const [px, py] = this.picture.toPixels(centre.x, centre.y);
      return { x: corner.left + px, y: corner.top + py };
    }
    const at = this.toPixels(centre);
    return { x: corner.left + at.x, y: corner.top + at.y };
  }

  close() {
    if (!this.picture) return;
    this.pointer.dispose();
    this.rig?.controls.dispose();
    this.picture.dispose();
    this.overlay.dispose();
    this.picture = null;
    this.told_ready = false;
  }

  dispose() {
    this.gone = true;
    cancelAnimationFrame(this.frame);
    clearTimeout(this.settling);
    this.resizing.disconnect();
    document.removeEventListener('visibilitychange', this.seen);
    this.close();
  }
}
