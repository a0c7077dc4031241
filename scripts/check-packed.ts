// Installs every package as a stranger would, from its tarball with npm alone in an empty project, and there imports and
// requires each of its entries and runs each of its examples, on the oldest Node that it supports and on the present one.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { examplesOf, missingOutput, runScript } from './examples.ts'
import { publishedPackages, type PublishedPackage } from './packages.ts'

const oldestNode = '22.12.0'

const workshop = mkdtempSync(join(tmpdir(), 'aplomb-packed-'))
try {
  const nodes = [oldNode(), process.execPath]
  const failures: string[] = []
  for (const found of publishedPackages()) {
    const project = install(found)
    for (const node of nodes) failures.push(...(await problemsOf(found, project, node)))
    console.log(`${found.name}: packed, installed, imported, required, examples run`)
  }
  for (const failure of failures) console.error(failure)
  if (failures.length > 0) process.exitCode = 1
} finally {
  rmSync(workshop, { recursive: true, force: true })
}

function oldNode(): string {
  const folder = emptyProject('node')
  npmInstall(folder, [`node@${oldestNode}`])
  return join(folder, 'node_modules', 'node', 'bin', 'node')
}

function install({ name, folder, manifest }: PublishedPackage): string {
  const project = emptyProject(basename(name))
  execFileSync('pnpm', ['pack', '--pack-destination', project], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  const tarball = readdirSync(project).find((file) => file.endsWith('.tgz'))
  if (tarball === undefined) throw new Error(`pnpm pack wrote no tarball for ${name}`)
  const peers = Object.entries(manifest.peerDependencies ?? {}).map(([peer, range]) => `${peer}@${range}`)
  npmInstall(project, [join(project, tarball), ...peers])
  return project
}

async function problemsOf(
  { name, folder, manifest }: PublishedPackage,
  project: string,
  node: string,
): Promise<string[]> {
  const entries = Object.keys(manifest.exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => join(name, entry))
  const scripts = [
    { file: 'imports.mjs', source: entries.map((entry) => `await import('${entry}')`).join('\n') },
    { file: 'requires.cjs', source: entries.map((entry) => `require('${entry}')`).join('\n') },
    ...examplesOf(folder).map((path) => ({
      file: basename(path).replace(/\.ts$/, '.mjs'),
      source: stripTypeScriptTypes(readFileSync(path, 'utf8')),
    })),
  ]
  const problems: string[] = []
  for (const { file, source } of scripts) {
    writeFileSync(join(project, file), source)
    const run = await runScript(node, ['--no-warnings=ExperimentalWarning', join(project, file)], project)
    const missing = missingOutput(source, run.stdout)
    if (run.exitCode !== 0 || missing.length > 0) {
      problems.push(
        `${name}, ${file} on ${node}: exit ${run.exitCode}, missing output ${JSON.stringify(missing)}\n${run.stderr}`,
      )
    }
  }
  return problems
}

function emptyProject(name: string): string {
  const folder = join(workshop, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: `packed-${name}`, private: true }))
  return folder
}

function npmInstall(folder: string, what: readonly string[]): void {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  execFileSync('npm', ['install', ...quiet, ...what], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
}
