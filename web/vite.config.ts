import { defineConfig } from 'vite';

// The server gives every page route the same index.html, so all addresses start at the root.
export default defineConfig({
  base: '/',
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    target: 'es2022',
    // The map's library alone is more than a megabyte; it is loaded by the operator's page only.
    chunkSizeWarningLimit: 1400,
    rolldownOptions: {
      checks: { pluginTimings: false, bundlerTimings: false },
      output: {
        codeSplitting: {
          groups: [
            { name: 'maplibre', test: /node_modules.maplibre-gl/ },
            { name: 'milsymbol', test: /node_modules.milsymbol/ },
          ],
        },
      },
    },
    // The content security policy allows no inline script, and the zone's page needs no preload helper.
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
