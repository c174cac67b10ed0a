import { expect, test } from '@jest/globals'
import { summaryOf } from '../../src/report/summary.ts'

test('commands become code blocks, the link stays a link, and everything else is escaped', () => {
  const message = [
    'Login to us.icr.io failed (docker). To <b>add</b> the *trust*, @all:',
    '    ibmcloud iam x --id *',
    ' one blank, and    four',
    'See https://github.com/OWNER/icr-login/blob/v1/docs/troubleshooting.md#unknown_key',
  ].join('\n')
  expect(summaryOf(message)).toBe(
    [
      '### Login to IBM Cloud Container Registry failed',
      '',
      'Login to us.icr.io failed (docker). To \\<b\\>add\\</b\\> the \\*trust\\*, \\@all:',
      '',
      '```sh',
      'ibmcloud iam x --id *',
      '```',
      '',
      ' one blank, and    four',
      '',
      'See https://github.com/OWNER/icr-login/blob/v1/docs/troubleshooting.md#unknown_key',
      '',
    ].join('\n'),
  )
})
