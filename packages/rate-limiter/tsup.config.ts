import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/hono/index.ts'],
  format: 'esm',
  target: 'es2023',
  dts: true,
  sourcemap: true,
  clean: true,
})
