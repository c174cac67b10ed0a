/**
 * Checks workflows and action.yml as GitHub reads them, offline, by GitHub's own language service.
 *
 * usage: node __tests__/unit/lint-workflows.ts FILE...
 *
 * A file named action.yml is checked as an action, every other as a workflow. Prints one line per finding,
 * `FILE:LINE: MESSAGE`, and exits with 1 if there is any.
 */
import { readFile } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { basename } from 'node:path'
import type { ActionsMetadataProvider } from '@actions/languageservice'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { parse } from 'yaml'

// @actions/languageservice 0.3 is built for bundlers: it imports JSON without the attribute that Node wants.
registerHooks({
  load: (url, context, next) =>
    next(
      url,
      url.endsWith('.json') ? { ...context, format: 'json', importAttributes: { type: 'json' } } : context,
    ),
})
const { validate } = await import('@actions/languageservice')

const ourAction = parse(await readFile(new URL('../../action.yml', import.meta.url), 'utf8'))

/** Tells the inputs of this action, so that they are checked where a workflow uses it; of others nothing is known. */
const actionsMetadataProvider: ActionsMetadataProvider = {
  async fetchActionMetadata({ owner, name }) {
    return owner === 'OWNER' && name === 'icr-login' ? ourAction : undefined
  },
}

/** Actions of others cannot be looked up offline. */
const offline = /^Unable to resolve action `(?!OWNER\/)/

let findings = 0
for (const file of process.argv.slice(2)) {
  const content = await readFile(file, 'utf8')
  const isAction = basename(file) === 'action.yml'
  // The service tells the kind of a file by its folder, and remembers what it read by its name.
  const folder = isAction ? 'file:///' : 'file:///.github/workflows/'
  // `uses: ./` is this action too; the service knows only those that have an owner.
  const document = TextDocument.create(
    folder + file,
    'yaml',
    1,
    content.replace(/uses: \.\/$/gm, 'uses: OWNER/icr-login@v1'),
  )
  for (const { range, message } of await validate(document, { actionsMetadataProvider })) {
    const text = typeof message === 'string' ? message : message.value
    if (offline.test(text)) continue
    console.log(`${file}:${range.start.line + 1}: ${text}`)
    findings++
  }
}
process.exitCode = findings > 0 ? 1 : 0
