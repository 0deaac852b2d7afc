"""Speed and scale, measured: `make bench` runs every bench, `make bench ARGS="counts --events 50000000"` one."""
