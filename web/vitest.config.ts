import { defineConfig } from 'vitest/config';

// Apart from vite.config.ts, so that the page builds where only what it is made of is installed (npm ci --omit=dev).
export default defineConfig({
  test: { include: ['src/**/*.test.ts', 'mock/**/*.test.ts'], environment: 'node', testTimeout: 30_000 },
});
