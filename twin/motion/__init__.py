"""How things move: one set of motion laws for the engine, the USD stage and the 3D viewer."""
