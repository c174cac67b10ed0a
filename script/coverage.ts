// Reports which lines of src the end-to-end tests have run. Node records which blocks of dist/index.js each
// process ran, and the bundler's headings show which module the lines belong to.
//
// usage: node script/coverage.ts FOLDER FLOOR
//   FOLDER  the NODE_V8_COVERAGE folder of the action's processes
//   FLOOR   exit with 1 if the percentage of all lines that were run is lower

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { mergeProcessCovs, type ProcessCov } from '@bcoe/v8-coverage'
import type { FileCoverageData } from 'istanbul-lib-coverage'
import v8ToIstanbul from 'v8-to-istanbul'

const [folder = '', floor = '0'] = process.argv.slice(2)
const bundle = fileURLToPath(new URL('../dist/index.js', import.meta.url))
const url = pathToFileURL(bundle).href

/** How often each line of the bundle was run, by line number. Omits lines without a word of code. */
async function hitsByLine(): Promise<Map<number, number>> {
  const source = readFileSync(bundle, 'utf8').split('\n')
  const processes = readdirSync(folder).map((file): ProcessCov => {
    const { result }: ProcessCov = JSON.parse(readFileSync(join(folder, file), 'utf8'))
    return { result: result.filter(script => script.url === url) }
  })
  if (processes.length === 0) throw new Error(`${folder} is empty: no coverage was recorded`)
  const converter = v8ToIstanbul(bundle)
  await converter.load()
  converter.applyCoverage(mergeProcessCovs(processes).result[0]?.functions ?? [])
  const { statementMap, s: hits } = converter.toIstanbul()[bundle] as FileCoverageData
  const lines = Object.entries(statementMap).map(([id, { start }]) => [start.line, hits[id] ?? 0] as const)
  return new Map(lines.filter(([line]) => /\w/.test(source[line - 1] ?? '')))
}

/** The first and last line of each src module in the bundle. */
function modules(): { name: string; from: number; to: number }[] {
  const lines = readFileSync(bundle, 'utf8').split('\n')
  const headings = lines.flatMap((line, index) =>
    line.startsWith('// CONCATENATED MODULE: ') ? [index + 1] : [],
  )
  return headings.flatMap((from, index) => {
    const name = lines[from - 1]?.match(/: \.\/build\/(src\/.*)\.js$/)?.[1]
    return name === undefined
      ? []
      : [{ name: `${name}.ts`, from, to: (headings[index + 1] ?? lines.length + 1) - 1 }]
  })
}

const hits = await hitsByLine()
const percent = (part: number, whole: number) => (100 * part) / whole
const rows = modules().map(({ name, from, to }) => {
  const lines = [...hits].filter(([line]) => line > from && line <= to)
  return { name, lines: lines.length, missed: lines.filter(([, count]) => count === 0).map(([line]) => line) }
})
for (const { name, lines, missed } of rows) {
  const share = percent(lines - missed.length, lines)
    .toFixed(1)
    .padStart(5)
  console.log(`${share} %  ${name.padEnd(32)}${missed.length === 0 ? '' : `dist/index.js: ${spans(missed)}`}`)
}
const all = rows.reduce((sum, { lines }) => sum + lines, 0)
const missed = rows.reduce((sum, { missed }) => sum + missed.length, 0)
const share = percent(all - missed, all)
console.log(`${share.toFixed(1).padStart(5)} %  of all lines (minimum: ${floor} %)`)
process.exit(share >= Number(floor) ? 0 : 1)

/** Formats line numbers as ranges, such as 3-5, 9. */
function spans(lines: number[]): string {
  const starts = lines.filter(line => !lines.includes(line - 1))
  return starts
    .map(start => {
      let end = start
      while (lines.includes(end + 1)) end++
      return end === start ? `${start}` : `${start}-${end}`
    })
    .join(', ')
}
