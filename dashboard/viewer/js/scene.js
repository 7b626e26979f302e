// Entry of the bundle: a view, and what tests and clientside callbacks may ask of it.
import { View } from './view.js';

const views = new Map();
let unnamed = 0;

const first = (id) => views.get(id) ?? [...views.values()].at(-1);

window.__twinviewer = {
  views,
  stats: (id) => first(id)?.stats(),
  pose: (thing, id) => first(id)?.poseOf(thing),
  screen: (thing, id) => first(id)?.screenOf(thing),
  seek: (time, id) => first(id)?.seek(time),
};

export function createView(host, setProps) {
  const name = host.id || `view-${(unnamed += 1)}`;
  const view = new View(host, setProps);
  views.set(name, view);
  return {
    update: (props, before) => view.update(props, before),
    dispose: () => {
      views.delete(name);
      view.dispose();
    },
  };
}
