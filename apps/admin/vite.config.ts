import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/admin/',
  plugins: [react()],
  // Nothing is inlined: the page's policy allows scripts and images of its own only.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 1_100 },
  server: { port: 5173, proxy: { '/trpc': 'http://127.0.0.1:8000' } },
});
