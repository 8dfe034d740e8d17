import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/admin/',
  plugins: [react()],
  // No inlined files and no inlined preload helper: the page's policy allows scripts and images of its own only.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { port: 5173, proxy: { '/trpc': 'http://127.0.0.1:8000' } },
});
