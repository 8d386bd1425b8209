const configs: unknown[] = [];

export default configs[0];
