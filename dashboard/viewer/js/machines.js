// Machines as composite shapes. Each maker draws in the machine's own frame: x along its length,
// origin at the centre of its footprint, and returns where its signal tower stands.
import { LOOK, patternOf } from './look.js';

const { body, panel, base, dark, metal, steel, screen, accent, glass, belt } = LOOK;

// A cabinet with plinth, doors and handles on its +y side.
function cabinet(s, [x, y], [l, w, h], doors = 2) {
  s.box([x, y, 0.05], [l - 0.06, w - 0.06, 0.1], base, false);
  s.box([x, y, 0.1 + (h - 0.1) / 2], [l, w, h - 0.1], body);
  const each = l / doors;
  for (let k = 0; k < doors; k += 1) {
    const cx = x - l / 2 + each * (k + 0.5);
    s.box([cx, y + w / 2 + 0.008, h / 2 + 0.05], [each - 0.08, 0.016, h - 0.35], panel);
    s.box([cx + each / 2 - 0.1, y + w / 2 + 0.03, h / 2], [0.025, 0.03, 0.22], dark, false);
  }
}

function screenOn(s, [x, y, z]) {
  s.rod([x, y, 0], [x, y, z], 0.03, steel, 0.03, 8);
  s.box([x, y, z + 0.18], [0.46, 0.06, 0.34], dark);
  s.box([x, y + 0.034, z + 0.18], [0.4, 0.01, 0.27], screen, false);
}

// A guarded machine: table, aluminium frame, glass, roof, service cabinet, screen.
function guarded(s, g, [l, w, h], { table = 0.85, modules = 2, roof = 0.22 } = {}) {
  const depth = w * 0.72;
  const y = -w / 2 + depth / 2;
  s.box([0, y, 0.06], [l - 0.1, depth - 0.1, 0.12], base, false);
  s.box([0, y, table / 2 + 0.06], [l, depth, table - 0.12], body);
  const each = l / modules;
  for (let k = 0; k <= modules; k += 1) {
    const x = Math.min(Math.max(-l / 2 + each * k, -l / 2 + 0.04), l / 2 - 0.04);
    for (const side of [y - depth / 2 + 0.04, y + depth / 2 - 0.04]) {
      s.box([x, side, (table + h - roof) / 2], [0.07, 0.07, h - roof - table], metal, false);
    }
  }
  for (let k = 0; k < modules; k += 1) {
    s.box([-l / 2 + each * (k + 0.5), y + depth / 2 + 0.008, table / 2 + 0.06],
      [each - 0.14, 0.016, table - 0.28], panel);
  }
  g.box([0, y, (table + h - roof) / 2], [l - 0.06, depth - 0.06, h - roof - table], glass, false);
  s.box([0, y, h - roof / 2], [l, depth, roof], body);
  s.box([0, y + depth / 2 + 0.006, h - roof / 2], [l * 0.86, 0.012, roof * 0.4], accent, false);
  roofUnits(s, [0, y, h], [l, depth], modules);
  cabinet(s, [-l / 2 + l * 0.2, w / 2 - w * 0.1], [l * 0.36, w * 0.18, Math.min(h, 2)], 2);
  screenOn(s, [l * 0.28, w / 2 - w * 0.12, 1.1]);
  return [l / 2 - 0.25, y, h];
}

// Filter fans and a cable duct on the roof.
function roofUnits(s, [x, y, z], [l, w], n) {
  const each = l / n;
  for (let k = 0; k < n; k += 1) {
    const cx = x - l / 2 + each * (k + 0.5);
    const side = Math.min(each * 0.6, w * 0.42, 1.1);
    s.box([cx, y + w * 0.14, z + 0.07], [side, side, 0.14], panel);
    s.box([cx, y + w * 0.14, z + 0.145], [side * 0.7, side * 0.7, 0.012], steel, false);
  }
  s.box([x, y - w * 0.36, z + 0.05], [l * 0.94, 0.14, 0.1], steel);
}

// The belt products ride through a guarded machine.
function through(s, [l, w], height = 0.95) {
  s.box([0, -w * 0.14, height - 0.05], [l + 0.02, 0.5, 0.06], belt, false);
}

const MAKERS = {
  cabinet(s, g, size) {
    const lamp = guarded(s, g, size, { modules: Math.max(2, Math.round(size[0] / 1.3)) });
    through(s, size);
    for (let k = -1; k <= 1; k += 1) {
      s.box([k * size[0] * 0.28, -size[1] * 0.14, 1.25], [0.28, 0.34, 0.5], steel);
    }
    return lamp;
  },
  oven(s, g, [l, w, h]) {
    const top = h * 0.86;
    s.box([0, 0, 0.06], [l - 0.1, w - 0.1, 0.12], base, false);
    s.box([0, 0, 0.12 + (top - 0.12) / 2], [l * 0.9, w, top - 0.12], body);
    for (const side of [-1, 1]) {
      const x = (side * l * 0.9) / 2;
      const r = Math.min(w * 0.4, top * 0.42);
      s.rod([x, 0, top * 0.5], [x + side * l * 0.045, 0, top * 0.5], r, panel, r, 28);
      s.rod([x, 0, top * 0.5], [x + side * l * 0.05, 0, top * 0.5], r * 0.3, steel, r * 0.3, 20);
      s.box([x + side * l * 0.03, r + 0.06, top * 0.5], [0.1, 0.12, top * 0.5], dark);
    }
    for (const y of [-w * 0.28, w * 0.28]) {
      s.rod([-l * 0.3, y, top + 0.12], [l * 0.3, y, top + 0.12], 0.09, metal, 0.09, 10);
      s.rod([l * 0.2, y, top], [l * 0.2, y, h], 0.06, steel, 0.06, 8);
    }
    s.box([-l * 0.2, 0, top + 0.14], [l * 0.3, w * 0.3, 0.28], accent);
    return [l * 0.4, w * 0.42, top];
  },
  roll(s, g, [l, w, h]) {
    const y = -w * 0.1;
    const r = Math.min(0.4, h * 0.2);
    s.box([0, y, 0.3], [l, w * 0.4, 0.4], base);
    s.box([0, y, 0.52], [l, w * 0.42, 0.06], panel, false);
    for (const [x, z, radius] of [[-0.45, 1.1, r], [-0.34, 1.5, 0.08], [-0.28, 0.9, 0.08], [-0.2, 1.1, 0.08]]) {
      s.rod([x * l, y - w * 0.16, z], [x * l, y + w * 0.16, z], radius, radius > 0.2 ? LOOK.foil : metal,
        radius, 22);
    }
    s.box([-0.45 * l, y - w * 0.19, 0.8], [0.3, 0.16, 1.1], body);
    s.box([0.05 * l, y, 1.1], [l * 0.6, w * 0.28, 0.012], LOOK.copper, false);
    s.box([-0.02 * l, y, 0.55 + (h - 0.55) / 2], [l * 0.2, w * 0.4, h - 0.55], body);
    s.box([-0.02 * l, y + w * 0.2 + 0.01, 1.35], [l * 0.14, 0.02, 0.7], screen, false);
    g.box([0.24 * l, y, 1.25], [l * 0.3, w * 0.38, 1.3], glass, false);
    for (const x of [0.1, 0.24, 0.385]) {
      for (const side of [-1, 1]) {
        s.box([x * l, y + side * w * 0.19, 1.25], [0.06, 0.06, 1.35], metal, false);
      }
    }
    s.box([0.24 * l, y, 1.95], [l * 0.3, w * 0.4, 0.12], body);
    s.box([0.455 * l, y, 0.9], [0.5, w * 0.3, 0.5], steel);
    cabinet(s, [0.02 * l, w * 0.38], [l * 0.42, w * 0.18, Math.min(h, 2)], 4);
    screenOn(s, [-l * 0.32, w * 0.3, 1.1]);
    return [0.06 * l, y, h];
  },
  stacker(s, g, [l, w, h]) {
    const lamp = guarded(s, g, [l, w, h], { modules: 3, table: 0.7 });
    const y = -w * 0.14;
    for (const x of [-0.32, 0.32]) s.box([x * l, y, 0.95], [0.5, 0.5, 0.45], LOOK.tray);
    s.rod([0, y, 0.7], [0, y, 0.95], 0.35, steel, 0.35, 24);
    s.box([0, y, 1.0], [0.4, 0.3, 0.08], LOOK.copper);
    s.box([0, y, 1.85], [l * 0.8, 0.16, 0.14], metal);
    for (const x of [-0.2, 0.2]) s.box([x * l, y, 1.55], [0.12, 0.12, 0.5], steel);
    return lamp;
  },
  press(s, g, [l, w, h]) {
    const lamp = guarded(s, g, [l, w, h], { modules: 2, roof: 0.5 });
    through(s, [l, w]);
    for (const x of [-0.22, 0.22]) {
      s.box([x * l, -w * 0.14, 1.1], [0.6, 0.6, 0.1], dark);
      s.box([x * l, -w * 0.14, 1.4], [0.6, 0.6, 0.12], dark);
      s.rod([x * l, -w * 0.14, 1.46], [x * l, -w * 0.14, h], 0.12, metal, 0.12, 14);
    }
    return lamp;
  },
  filler(s, g, size) {
    const [l, w, h] = size;
    const lamp = guarded(s, g, [l, w, h * 0.8], { modules: 6 });
    through(s, size);
    for (let k = 0; k < 4; k += 1) {
      const x = (-0.33 + 0.17 * k) * l;
      s.rod([x, -w * 0.2, h * 0.8], [x, -w * 0.2, h], 0.32, metal, 0.32, 20);
      s.rod([x, -w * 0.2, h * 0.8], [x, -w * 0.14, 1.3], 0.035, steel, 0.035, 6);
    }
    s.rod([-0.4 * l, -w * 0.32, h * 0.86], [0.4 * l, -w * 0.32, h * 0.86], 0.07, steel, 0.07, 10);
    return lamp;
  },
  drum(s, g, size) {
    const [l, w, h] = size;
    const lamp = guarded(s, g, size, { modules: 4 });
    through(s, size);
    for (const x of [-0.25, 0.12]) {
      s.rod([x * l, -w * 0.3, 1.4], [x * l, w * 0.02, 1.4], 0.42, metal, 0.42, 24);
    }
    s.rod([0.34 * l, -w * 0.2, h], [0.34 * l, -w * 0.2, h + 0.35], 0.22, metal, 0.22, 16);
    return lamp;
  },
  tester(s, g, size) {
    const [l, w] = size;
    const lamp = guarded(s, g, size, { modules: 5 });
    through(s, size);
    for (let k = 0; k < 5; k += 1) {
      const x = (-0.4 + 0.2 * k) * l;
      s.box([x, -w * 0.3, 1.25], [l * 0.13, w * 0.16, 0.7], panel);
      s.box([x, -w * 0.21, 1.3], [l * 0.08, 0.02, 0.25], screen, false);
    }
    return lamp;
  },
  table(s, g, [l, w, h]) {
    for (const x of [-1, 1]) {
      for (const y of [-1, 1]) {
        s.box([x * (l / 2 - 0.08), y * (w / 2 - 0.08), h / 2], [0.09, 0.09, h - 0.08], steel, false);
      }
    }
    s.box([0, 0, h - 0.05], [l, w, 0.06], body);
    s.box([0, 0, h - 0.015], [l * 0.6, w * 0.5, 0.03], steel);
    s.box([0, 0, 0.25], [l * 0.5, w * 0.4, 0.5], panel);
    return [l / 2 - 0.06, w / 2 - 0.06, h];
  },
  rack(s, g, [l, w, h], machine) {
    const { columns, levels } = machine.rack ?? { columns: 4, levels: 6 };
    const chamber = /formation|soak|rack_tower/.test(machine.asset + machine.station);
    for (let c = 0; c <= columns; c += 1) {
      const x = Math.min(Math.max(-l / 2 + (l * c) / columns, -l / 2 + 0.04), l / 2 - 0.04);
      for (const y of [-w / 2 + 0.05, w / 2 - 0.05]) {
        s.box([x, y, h / 2], [0.08, 0.1, h], LOOK.rack, false);
      }
    }
    s.box([0, 0, 0.06], [l, w - 0.1, 0.12], steel, false);
    for (let k = 0; k < levels; k += 1) {
      const z = ((k + 0.5) / levels) * h - 0.035;
      for (const y of [-w / 2 + 0.05, w / 2 - 0.05]) s.box([0, y, z], [l, 0.06, 0.07], steel, false);
    }
    if (chamber) {
      g.box([0, 0, h / 2], [l - 0.04, w - 0.02, h], glass, false);
      s.box([0, 0, h + 0.12], [l, w, 0.24], body);
      s.box([l * 0.2, 0, h + 0.4], [l * 0.4, w * 0.5, 0.32], panel);
    }
    return [l / 2 - 0.1, w / 2 - 0.1, chamber ? h + 0.24 : h];
  },
};

// Draw a machine into the shapes; returns its signal tower in the machine's own frame.
export function drawMachine(solid, clear, machine) {
  solid.at(machine.position, machine.heading_deg);
  clear.at(machine.position, machine.heading_deg);
  const pattern = patternOf(machine);
  const lamp = MAKERS[pattern](solid, clear, machine.size, machine);
  const pole = pattern === 'table' ? 0.5 : 0.22;
  solid.rod(lamp, [lamp[0], lamp[1], lamp[2] + pole], 0.025, steel, 0.025, 6);
  return [lamp[0], lamp[1], lamp[2] + pole];
}
