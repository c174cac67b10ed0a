/**
 * Checks workflows and action.yml offline, with the language service that GitHub uses.
 *
 * usage: node __tests__/unit/lint-workflows.ts FILE...
 *
 * A file named action.yml is checked as an action, all others as workflows. Prints one line per finding,
 * `FILE:LINE: MESSAGE`, and exits with 1 if there are any.
 */
import { readFile } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { basename } from 'node:path'
import type { ActionsMetadataProvider } from '@actions/languageservice'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { parse } from 'yaml'

// @actions/languageservice 0.3 is built for bundlers: it imports JSON without the attribute that Node requires.
registerHooks({
  load: (url, context, next) =>
    next(
      url,
      url.endsWith('.json') ? { ...context, format: 'json', importAttributes: { type: 'json' } } : context,
    ),
})
const { validate } = await import('@actions/languageservice')

const ourAction = parse(await readFile(new URL('../../action.yml', import.meta.url), 'utf8'))

/** Provides the inputs of this action, so that its uses are checked. Nothing is known about other actions. */
const actionsMetadataProvider: ActionsMetadataProvider = {
  async fetchActionMetadata({ owner, name }) {
    return owner === 'OWNER' && name === 'icr-login' ? ourAction : undefined
  },
}

/** Other actions cannot be looked up offline. */
const offline = /^Unable to resolve action `(?!OWNER\/)/

let findings = 0
for (const file of process.argv.slice(2)) {
  const content = await readFile(file, 'utf8')
  const isAction = basename(file) === 'action.yml'
  // The service determines the kind of a file from its folder, and caches what it has read by file name.
  const folder = isAction ? 'file:///' : 'file:///.github/workflows/'
  // `uses: ./` is this action too, but the service looks up only actions with an owner.
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
