import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const workspace = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(new URL(folder, import.meta.url)).map((name) => ({ name, root: `${folder}/${name}` })),
)

export default defineConfig({
  ssr: { resolve: { conditions: ['@aplomb/source'] } },
  test: {
    // Property tests take seconds, and longer on a machine that does something else.
    testTimeout: 60_000,
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    projects: [
      ...workspace.map(({ name, root }) => ({
        extends: true as const,
        root,
        test: { name, include: ['src/**/*.test.ts', 'test/**/*.test.ts'] },
      })),
      // Checks on the repository itself: the READMEs' code blocks and the examples they come from.
      { extends: true as const, test: { name: 'repository', include: ['scripts/**/*.test.ts'] } },
    ],
  },
})
