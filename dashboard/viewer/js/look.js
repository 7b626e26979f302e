// Neutral colours of things; colours with a meaning come from the server with the scene.
export const LOOK = {
  body: '#eceef0', panel: '#dde1e4', base: '#596067', dark: '#3b4147', metal: '#b3bac0',
  steel: '#8f989f', screen: '#1f2b34', accent: '#6b8494', glass: '#9db4c2', belt: '#4d545a',
  copper: '#b59a86', foil: '#c5c9cc', tray: '#7d868d', product: '#c9d3d9', box: '#c4b49c',
  timber: '#b8a58a', skin: '#d8b59a', cloth: '#5f7282', helmet: '#f2f3f4', rack: '#9aa6ae',
};

export const THEMES = {
  light: {
    background: '#d3d8dc', floor: '#d9dcdd', outside: '#c4cacf', grid: '#cbd0d3', wall: '#8d9ba6',
    lane: '#c3cad0', mark: '#f7f8f8', dryRoom: '#d3dfe6', sun: 2.2, sky: 1.6,
  },
  dark: {
    background: '#2b2e31', floor: '#5a5f63', outside: '#373b3e', grid: '#6a7075', wall: '#8c99a2',
    lane: '#6d757b', mark: '#8d969c', dryRoom: '#56626a', sun: 1.5, sky: 1.1,
  },
};

// A machine is drawn by the first pattern that fits its asset name, its station id or its kind.
export const PATTERNS = [
  ['oven', /dryer|oven|bake/], ['roll', /notch|slit|calender|coat|web|laminat/],
  ['stacker', /stacker|stacking/], ['press', /press/], ['rack', /rack|tower|aging|formation|soak|store/],
  ['table', /table|transfer/], ['filler', /fill/], ['drum', /degas|mix/],
  ['tester', /test|eol|inspect|ocv/], ['cabinet', /./],
];

export function patternOf(machine) {
  const known = [machine.asset, machine.kind === 'robot' ? 'table' : '', machine.station, machine.kind];
  for (const text of known) {
    const found = text && PATTERNS.find(([name, fits]) => name !== 'cabinet' && fits.test(text));
    if (found) return found[0];
  }
  return 'cabinet';
}
