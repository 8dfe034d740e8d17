import { defineConfig } from 'rolldown';

/** One bundle of our own packages; everything from npm stays outside and is installed beside it. */
export default defineConfig({
  input: { main: 'src/main.ts', cli: 'src/cli.ts' },
  platform: 'node',
  external: (id) => /^[@\w]/.test(id) && !id.startsWith('@orderloom/') && !/^[A-Z]:[\\/]/.test(id),
  output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', sourcemap: true },
});
