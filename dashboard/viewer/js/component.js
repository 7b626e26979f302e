// The Dash component: a thin shell that hands its properties to the scene, loaded on first use.
const React = window.React;
const base = document.currentScript.src.replace(/[^/]*$/, '');

let loading = null;
const load = () => (loading ??= import(base + 'scene.bundle.js'));

class TwinView extends React.Component {
  constructor(props) {
    super(props);
    this.host = React.createRef();
    this.view = null;
    this.gone = false;
  }

  componentDidMount() {
    load()
      .then(({ createView }) => {
        if (this.gone) return;
        this.view = createView(this.host.current, (changed) => this.props.setProps(changed));
        this.view.update(this.props, {});
      })
      .catch((error) => this.props.setProps({ error: `The 3D view cannot be loaded: ${error}` }));
  }

  componentDidUpdate(before) {
    if (this.view) this.view.update(this.props, before);
  }

  componentWillUnmount() {
    this.gone = true;
    if (this.view) this.view.dispose();
  }

  render() {
    const { id, height } = this.props;
    return React.createElement('div', {
      id: typeof id === 'object' ? JSON.stringify(id) : id,
      ref: this.host,
      className: 'twinview',
      style: { height: height ?? '100%' },
    });
  }
}

window.celltwin_viewer = { ...window.celltwin_viewer, TwinView };
