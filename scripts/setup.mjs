// Brings the pinned pnpm, Node and dependencies from the registry, and does nothing when they are already there.
// Runs on Node 20 with npm alone, before every root script, so it is plain JavaScript without dependencies.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(root, 'node_modules', '.aplomb-setup')

const manifests = ['packages', 'apps']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')))
  .filter((path) => existsSync(join(root, path)))
const inputs = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests.toSorted()]

const hash = createHash('sha256')
for (const path of inputs) hash.update(path).update(readFileSync(join(root, path)))
const wanted = hash.digest('hex')

const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
if (installed !== wanted) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  console.error(`aplomb: installing dependencies with ${packageManager} …`)
  run('npx', ['-y', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'])
  writeFileSync(stamp, wanted)
}
requireNode24()

function run(command, args) {
  // On Windows `npx` is a script, which only a shell starts.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

// The scripts run on the Node that the workspace brings, first on PATH; a platform it has no build for uses its own.
function requireNode24() {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const { stdout } = spawnSync('node', ['--version'], { encoding: 'utf8', env: { ...process.env, PATH: path } })
  const major = Number(/^v(\d+)/.exec(stdout ?? '')?.[1])
  if (major >= 24) return
  console.error(
    `aplomb: Node 24 or newer is needed and ${stdout?.trim() || 'none'} was found; no build of it came from the registry for this platform. Install Node 24 and try again.`,
  )
  process.exit(1)
}
