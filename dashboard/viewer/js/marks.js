// What shows state: signal towers, coloured frames on the floor, filling bars, pins, the selection.
import {
  BoxGeometry, BufferGeometry, Color, ConeGeometry, CylinderGeometry, EdgesGeometry,
  Float32BufferAttribute, InstancedMesh, LineBasicMaterial, LineSegments, Matrix4, Mesh,
  MeshBasicMaterial, MeshLambertMaterial, Quaternion, Vector3,
} from 'three';
import { frame } from './storage.js';
import { Shape, linear } from './shape.js';

const m = new Matrix4();
const q = new Quaternion();
const p = new Vector3();
const size = new Vector3();
const UP = new Vector3(0, 0, 1);
const white = new Color(1, 1, 1);

// The lamp on top of each machine's signal tower.
export class Lamps {
  constructor(group, spots) {
    const geometry = new CylinderGeometry(0.075, 0.075, 0.26, 14).rotateX(Math.PI / 2);
    this.mesh = new InstancedMesh(geometry, new MeshBasicMaterial(), Math.max(spots.length, 1));
    this.mesh.count = spots.length;
    spots.forEach((spot, i) => {
      this.mesh.setMatrixAt(i, m.makeTranslation(spot[0], spot[1], spot[2] + 0.13));
      this.mesh.setColorAt(i, white);
    });
    group.add(this.mesh);
  }

  paint(colours) {
    colours.forEach((colour, i) => this.mesh.setColorAt(i, linear(colour)));
    if (this.mesh.instanceColor) this.mesh.instanceColor.needsUpdate = true;
  }
}

// A frame on the floor around each thing; hidden unless it says something.
export class Frames {
  constructor(group, boxes) {
    const shape = new Shape();
    this.ranges = boxes.map(({ position, heading_deg: heading, size: [l, w] }) => {
      const first = shape.position.length / 3;
      const turned = Math.abs(Math.sin((heading * Math.PI) / 180)) > 0.7;
      frame(shape, position, turned ? [w + 0.5, l + 0.5] : [l + 0.5, w + 0.5], 0.16, '#ffffff', 0.02);
      return [first, shape.position.length / 3];
    });
    const geometry = shape.geometry();
    this.colours = geometry.getAttribute('color');
    this.shown = new Array(boxes.length).fill(undefined);
    this.index = geometry.index.array.slice();
    this.geometry = geometry;
    group.add(new Mesh(geometry, new MeshBasicMaterial({ vertexColors: true })));
  }

  // One colour per box, null to hide.
  paint(colours) {
    if (colours.every((colour, i) => colour === this.shown[i])) return;
    this.shown = colours.slice();
    const index = [];
    let k = 0;
    colours.forEach((colour, i) => {
      const [first, last] = this.ranges[i];
      while (k < this.index.length && this.index[k] < last) {
        if (colour) index.push(this.index[k]);
        k += 1;
      }
      if (!colour) return;
      const { r, g, b } = linear(colour);
      for (let v = first; v < last; v += 1) this.colours.setXYZ(v, r, g, b);
    });
    this.geometry.setIndex(index);
    this.colours.needsUpdate = true;
  }
}

// A bar beside each place, as high as it is full.
export class Bars {
  constructor(group, spots) {
    const geometry = new BoxGeometry(0.35, 0.35, 1).translate(0, 0, 0.5);
    this.mesh = new InstancedMesh(geometry, new MeshLambertMaterial(), Math.max(spots.length, 1));
    this.mesh.count = spots.length;
    this.mesh.frustumCulled = false;
    this.spots = spots;
    this.mesh.visible = false;
    group.add(this.mesh);
  }

  paint(shares, colours) {
    this.spots.forEach((spot, i) => {
      size.set(1, 1, Math.max(shares[i] * 3, 0.02));
      this.mesh.setMatrixAt(i, m.compose(p.set(spot[0], spot[1], spot[2]), q.identity(), size));
      this.mesh.setColorAt(i, linear(colours[i]));
    });
    this.mesh.instanceMatrix.needsUpdate = true;
    if (this.mesh.instanceColor) this.mesh.instanceColor.needsUpdate = true;
  }
}

// A pin above each flagged thing.
export class Pins {
  constructor(group) {
    const geometry = new ConeGeometry(0.26, 0.62, 4).rotateX(-Math.PI / 2);
    this.mesh = new InstancedMesh(geometry, new MeshBasicMaterial(), 64);
    this.mesh.count = 0;
    this.mesh.frustumCulled = false;
    group.add(this.mesh);
  }

  show(pins) {
    this.mesh.count = Math.min(pins.length, 64);
    pins.slice(0, 64).forEach(({ at, colour }, i) => {
      this.mesh.setMatrixAt(i, m.makeTranslation(at[0], at[1], at[2] + 0.5));
      this.mesh.setColorAt(i, linear(colour));
    });
    this.mesh.instanceMatrix.needsUpdate = true;
    if (this.mesh.instanceColor) this.mesh.instanceColor.needsUpdate = true;
  }
}

// The outline of what is selected.
export class Selection {
  constructor(group, colour) {
    const edges = new EdgesGeometry(new BoxGeometry(1, 1, 1).translate(0, 0, 0.5));
    const line = (opacity, depthTest) => new LineSegments(edges, new LineBasicMaterial({
      color: colour, transparent: true, opacity, depthTest,
    }));
    this.parts = [line(1, true), line(0.35, false), new Mesh(new BoxGeometry(1, 1, 1).translate(0, 0, 0.5),
      new MeshBasicMaterial({ color: colour, transparent: true, opacity: 0.1, depthWrite: false }))];
    for (const part of this.parts) {
      part.visible = false;
      part.renderOrder = 5;
      group.add(part);
    }
  }

  show(box) {
    for (const part of this.parts) {
      part.visible = Boolean(box);
      if (!box) continue;
      part.position.set(...box.position);
      part.quaternion.setFromAxisAngle(UP, (box.heading_deg * Math.PI) / 180);
      part.scale.set(box.size[0] + 0.16, box.size[1] + 0.16, box.size[2] + 0.1);
    }
  }
}

// Soft dark patches under things, instead of shadows that would be drawn for every frame.
export function softShadows(boxes) {
  const position = [];
  const colour = [];
  const index = [];
  for (const { position: [x, y], heading_deg: heading, size: [l, w] } of boxes) {
    const first = position.length / 3;
    const a = (heading * Math.PI) / 180;
    const rim = 0.55;
    for (const [grow, alpha] of [[-0.15, 0.3], [rim, 0]]) {
      for (const [u, v] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) {
        const [dx, dy] = [u * (l / 2 + grow), v * (w / 2 + grow)];
        position.push(x + dx * Math.cos(a) - dy * Math.sin(a), y + dx * Math.sin(a) + dy * Math.cos(a), 0.008);
        colour.push(0.12, 0.14, 0.16, alpha);
      }
    }
    index.push(first, first + 1, first + 2, first, first + 2, first + 3);
    for (let k = 0; k < 4; k += 1) {
      const n = (k + 1) % 4;
      index.push(first + k, first + 4 + k, first + 4 + n, first + k, first + 4 + n, first + n);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(position, 3));
  geometry.setAttribute('color', new Float32BufferAttribute(colour, 4));
  geometry.setIndex(index);
  return new Mesh(geometry, new MeshBasicMaterial({ vertexColors: true, transparent: true, depthWrite: false }));
}
