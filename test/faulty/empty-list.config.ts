import { defineConfig } from '../../generator/config.ts';

export default defineConfig([]);
