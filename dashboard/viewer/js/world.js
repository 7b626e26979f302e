// The plant in three.js: built once from the scene, posed from a moment, drawn when asked.
import {
  ACESFilmicToneMapping, Box3, Color, DirectionalLight, Fog, Group, HemisphereLight, LineBasicMaterial,
  LineSegments, Matrix4, Mesh, MeshBasicMaterial, MeshLambertMaterial, MeshStandardMaterial, PCFShadowMap,
  PerspectiveCamera, Raycaster, Scene, Vector2, Vector3, WebGLRenderer,
} from 'three';
import { buildHall, buildLanes, buildZones, painted } from './building.js';
import { LOOK, THEMES } from './look.js';
import { drawMachine } from './machines.js';
import { Bars, Frames, Lamps, Pins, Selection, softShadows } from './marks.js';
import { Movers } from './movers.js';
import { Products } from './product.js';
import { Resolution, drawnByProcessor } from './quality.js';
import { Robots } from './robots.js';
import { Shape } from './shape.js';
import { drawBuffer, drawConveyor, drawDock } from './storage.js';

const LAYERS = ['people', 'agvs', 'product', 'zones', 'building', 'lanes'];
const PIXELS = 2;

// Without a graphics card: no shadows, simple light, and smooth edges only in a picture that stands.
const quality = (plain) => ({
  plain, moving: plain ? 1 : Math.min(window.devicePixelRatio, PIXELS),
  still: plain ? PIXELS : Math.min(window.devicePixelRatio, PIXELS),
});

export class World {
  constructor(host, scene, things, theme) {
    this.data = scene;
    this.things = things;
    this.theme = THEMES[theme] ?? THEMES.light;
    this.quality = quality(drawnByProcessor());
    this.renderer = new WebGLRenderer({ antialias: !this.quality.plain, powerPreference: 'high-performance' });
    this.renderer.toneMapping = ACESFilmicToneMapping;
    this.renderer.toneMappingExposure = 1.12;
    this.resolution = new Resolution(this.quality, (ratio) => this.renderer.setPixelRatio(ratio));
    this.renderer.shadowMap.enabled = !this.quality.plain;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.renderer.shadowMap.autoUpdate = false;
    host.prepend(this.renderer.domElement);
    this.camera = new PerspectiveCamera(42, 1, 0.2, Math.max(900, 5 * Math.hypot(...scene.building.size)));
    this.camera.up.set(0, 0, 1);
    this.raycaster = new Raycaster();
    this.build();
  }

  build() {
    this.scene = new Scene();
    this.scene.background = new Color(this.theme.background);
    const reach = Math.hypot(...this.data.building.size.slice(0, 2));
    this.scene.fog = new Fog(this.theme.background, Math.max(160, 1.2 * reach), Math.max(420, 3.1 * reach));
    this.groups = Object.fromEntries([...LAYERS, 'plant', 'marks'].map((name) => [name, new Group()]));
    this.scene.add(...Object.values(this.groups));
    this.light();
    this.groups.building.add(buildHall(this.data, this.theme));
    this.groups.zones.add(buildZones(this.data, this.theme));
    this.groups.lanes.add(buildLanes(this.data, this.theme));
    this.buildPlant();
    this.robots = new Robots(this.data, this.groups.plant, (options) => this.surface(options));
    this.movers = new Movers(this.data, this.groups);
    this.resting = new Products(this.data, this.groups.product);
    this.moving = new Products(this.data, this.groups.product);
    this.buildMarks();
    this.renderer.shadowMap.needsUpdate = true;
  }

  light() {
    const [l, w] = this.data.building.size;
    this.scene.add(new HemisphereLight('#ffffff', '#aeb6bd', this.theme.sky));
    const sun = new DirectionalLight('#fffaf4', this.theme.sun);
    const reach = Math.hypot(l, w) / 2;
    sun.position.set(l / 2 - 0.35 * reach, w / 2 - 0.5 * reach, 1.5 * reach);
    sun.target.position.set(l / 2, w / 2, 0);
    sun.castShadow = true;
    Object.assign(sun.shadow.camera, { left: -reach, right: reach, top: reach, bottom: -reach, far: 4 * reach });
    sun.shadow.mapSize.set(4096, 4096);
    sun.shadow.radius = 3;
    sun.shadow.bias = -0.0006;
    sun.shadow.normalBias = 0.05;
    this.scene.add(sun, sun.target);
  }

  // A lit surface with vertex colours.
  surface({ roughness, metalness = 0, ...options }) {
    if (this.quality.plain) return new MeshLambertMaterial({ vertexColors: true, ...options });
    return new MeshStandardMaterial({ vertexColors: true, roughness, metalness, ...options });
  }

  buildPlant() {
    const [solid, clear, tape] = [new Shape(), new Shape(), new Shape()];
    const { machines, places, docks, robots } = this.data;
    this.lampSpots = machines.map((machine) => {
      const [x, y, z] = drawMachine(solid, clear, machine);
      const a = (machine.heading_deg * Math.PI) / 180;
      const [px, py] = machine.position;
      return [px + x * Math.cos(a) - y * Math.sin(a), py + x * Math.sin(a) + y * Math.cos(a), z];
    });
    for (const place of places) {
      if (place.size) drawBuffer(solid, place);
      else if (place.path) drawConveyor(solid, place);
    }
    for (const dock of docks) drawDock(solid, dock, tape, this.theme.mark);
    for (const { position: [x, y, z] } of robots) {
      if (z > 0.02) solid.at([x, y, 0]).box([0, 0, z / 2], [0.5, 0.5, z], LOOK.base);
    }
    this.addPlant(solid, clear, tape);
  }

  addPlant(solid, clear, tape) {
    const body = new Mesh(solid.geometry(), this.surface({ roughness: 0.72, metalness: 0.06 }));
    body.castShadow = true;
    body.receiveShadow = true;
    const edges = new LineSegments(solid.edges(), new LineBasicMaterial({
      color: '#5c666e', transparent: true, opacity: 0.32,
    }));
    const glass = new Mesh(clear.geometry(), this.surface({
      transparent: true, opacity: 0.3, roughness: 0.15, depthWrite: false,
    }));
    glass.renderOrder = 2;
    const { machines, places, robots } = this.data;
    const patches = [...machines, ...places.filter((p) => p.size),
      ...robots.map((r) => ({ ...r, size: [0.7, 0.7] }))];
    this.groups.plant.add(body, edges, softShadows(patches), glass);
    this.groups.plant.add(painted(
      new Mesh(tape.geometry(), new MeshBasicMaterial({ vertexColors: true })), 'tape',
    ));
  }

  buildMarks() {
    const { machines, robots, places, palette } = this.data;
    this.marked = [...machines, ...robots.map((r) => ({ ...r, size: [0.9, 0.9] }))];
    this.lamps = new Lamps(this.groups.plant, this.lampSpots);
    this.frames = new Frames(this.groups.marks, this.marked);
    this.stock = places.filter((place) => place.size || place.path);
    this.bars = new Bars(this.groups.marks, this.stock.map((place) => (place.size
      ? [place.position[0], place.position[1], place.size[2] + 0.1]
      : [...place.path[0], place.height + 0.4])));
    this.pins = new Pins(this.groups.marks);
    this.selection = new Selection(this.groups.marks, palette.selected);
  }

  layer(name, on) {
    if (this.groups[name]) this.groups[name].visible = on;
  }

  resize(width, height) {
    this.camera.aspect = width / Math.max(height, 1);
    this.camera.updateProjectionMatrix();
    this.renderer.setSize(width, height);
  }

  pose(moment, changed) {
    this.robots.pose(this.data.robot_models, moment.angles);
    this.movers.pose(moment.poses);
    if (changed) this.stand(moment);
    this.moving.begin();
    for (const r of moment.riders) this.moving.add(r.item, r.x, r.y, r.z, r.heading_deg);
    for (const [i, pose] of moment.poses.entries()) this.carry(pose, this.data.movers[i]);
    moment.holding.forEach((holding, i) => {
      if (holding) for (const matrix of this.inGripper(i)) this.moving.addMatrix(this.data.robots[i].part, matrix);
    });
    this.moving.end();
  }

  stand({ chunk, lots }) {
    this.resting.begin();
    for (const i of lots) {
      this.resting.add(chunk.resting_item[i], chunk.resting_x[i], chunk.resting_y[i], chunk.resting_z[i],
        chunk.resting_heading[i]);
    }
    this.resting.end();
  }

  carry(pose, mover) {
    if (!pose.shown || pose.load < 1 || pose.item < 0) return;
    const a = (pose.heading_deg * Math.PI) / 180;
    const lift = mover.kind === 'agv' ? mover.size[2] : 0;
    const along = Math.min(...this.data.items[pose.item].size.slice(0, 2));
    const n = Math.min(pose.load, 3);
    for (let k = 0; k < n; k += 1) {
      const d = (k - (n - 1) / 2) * (along + 0.08);
      this.moving.add(pose.item, pose.x + d * Math.cos(a), pose.y + d * Math.sin(a), pose.z + lift, pose.heading_deg + 90);
    }
  }

  // Parts hang level under the tool tip; eight of them under a gripper for eight.
  inGripper(i) {
    const { part, tool } = this.data.robots[i];
    const size = this.data.items[part]?.size;
    if (!size) return [];
    const [, y, z] = [0, 1, 2].map((k) => new Vector3().setFromMatrixColumn(this.robots.chains[i][6], k));
    const side = (Math.abs(z.z) < 0.7 ? z : y).setZ(0).normalize();
    const many = tool === 'vacuum_8';
    const along = many ? new Vector3(-side.y, side.x, 0) : side;
    const tip = new Vector3().setFromMatrixPosition(this.robots.chains[i][7]);
    const spots = many ? [-1.5, -0.5, 0.5, 1.5].flatMap((a) => [[a, -0.5], [a, 0.5]]) : [[0, 0]];
    return spots.map(([a, b]) => {
      const at = tip.clone().addScaledVector(side, a * 0.227).addScaledVector(along, b * (size[0] + 0.02));
      return new Matrix4().makeRotationZ(Math.atan2(along.y, along.x)).setPosition(at.x, at.y, at.z - size[2]);
    });
  }

  toolFrame(i) {
    const chain = this.robots.chains[i];
    const tip = new Vector3().setFromMatrixPosition(chain[7]);
    const wrist = new Vector3().setFromMatrixPosition(chain[6]);
    const base = new Vector3().setFromMatrixPosition(chain[0]);
    return {
      tip, out: tip.clone().sub(wrist).normalize(), back: tip.clone().sub(base).setZ(0).normalize(),
      length: tip.distanceTo(wrist),
    };
  }

  under(x, y) {
    this.raycaster.setFromCamera(new Vector2(x, y), this.camera);
    return this.raycaster.ray;
  }

  bounds() {
    const [l, w] = this.data.building.size;
    return new Box3(new Vector3(0, 0, 0), new Vector3(l, w, 4));
  }

  draw() {
    this.renderer.render(this.scene, this.camera);
    return this.renderer.info.render;
  }

  dispose() {
    this.scene.traverse((object) => {
      object.geometry?.dispose();
      for (const material of [object.material].flat()) material?.dispose?.();
    });
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.renderer.domElement.remove();
  }
}
