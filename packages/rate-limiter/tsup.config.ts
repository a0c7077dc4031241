import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/hono/index.ts'],
  format: 'esm',
  target: 'es2023',
  // For `Symbol.dispose`, which lib es2023 has not; the bundled declarations lose references of the sources.
  dts: { banner: '/// <reference lib="esnext.disposable" />' },
  sourcemap: true,
  clean: true,
})
