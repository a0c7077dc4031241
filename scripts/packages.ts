import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('..', import.meta.url))

export interface PublishedPackage {
  readonly name: string
  readonly folder: string
  readonly manifest: {
    readonly version: string
    readonly exports: Record<string, unknown>
    readonly peerDependencies?: Record<string, string>
  }
}

/** Every package of the workspace that is published, by folder name. */
export function publishedPackages(): PublishedPackage[] {
  return readdirSync(join(root, 'packages')).map((name) => {
    const folder = join(root, 'packages', name)
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return { name: manifest.name, folder, manifest }
  })
}
