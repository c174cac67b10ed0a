import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import type { Diagnosis } from '../../src/ibm/diagnosis.ts'
import { EXPLANATIONS, type Subject, type Topic } from '../../src/report/explanations.ts'

const profileId = 'Profile-6e1f7ea6-734c-49f5-832a-cd8f4aaed739'
const iamId = 'iam-ServiceId-11111111-2222-3333-4444-555555555555'
const DIAGNOSES: Partial<Record<Topic, Diagnosis>> = {
  'unknown-key': { kind: 'unknown-key', output: 'BXNIM0415E Provided API key v1.0 could not be found.' },
  'address-not-allowed': {
    kind: 'address-not-allowed',
    output: 'BXNIM0430E User login from given IP address is not permitted',
  },
  'iam-refused': { kind: 'iam-refused', output: 'BXNIM0000E What nobody knows' },
  'token-not-issued': { kind: 'token-not-issued', output: 'BXNIM0000E What nobody knows' },
  'good-key': { kind: 'good-key', iamId },
  'users-key': { kind: 'users-key', iamId: 'IBMid-270000ABCD' },
  untrusted: {
    kind: 'untrusted',
    iamId,
    trusting: ['Profile-1', 'Profile-2', 'Profile-3', 'Profile-4', 'Profile-5'],
  },
  trusted: { kind: 'trusted', iamId },
}
const subject = (topic: Topic): Subject => ({
  domains: ['us.icr.io', 'private.de.icr.io'],
  clients: ['docker', 'podman'],
  profileId,
  diagnosis: DIAGNOSES[topic],
  proxy: 'proxy.example:3128',
  output: 'the words that were said',
})
const topics = Object.keys(EXPLANATIONS) as Topic[]

test.each(topics)('%s', topic => {
  expect(EXPLANATIONS[topic](subject(topic))).toMatchSnapshot()
})

test('a service ID that no profile trusts', () => {
  const diagnosis: Diagnosis = { kind: 'untrusted', iamId, trusting: [] }
  expect(EXPLANATIONS.untrusted({ ...subject('untrusted'), diagnosis })).toMatchSnapshot()
})

test.each<Topic>(['untrusted', 'trusted', 'good-key'])(
  '%s where IAM does not tell whose key it is',
  topic => {
    const known = DIAGNOSES[topic]
    const diagnosis = { ...known, iamId: undefined } as Diagnosis
    expect(EXPLANATIONS[topic]({ ...subject(topic), diagnosis })).toMatchSnapshot()
  },
)

test.each<Topic>(['no-answer', 'network', 'no-such-host', 'proxy', 'proxy-login', 'iam-unreachable'])(
  '%s without a proxy',
  topic => {
    expect(EXPLANATIONS[topic]({ ...subject(topic), proxy: undefined })).toMatchSnapshot()
  },
)

test.each(topics)('%s where nothing is known', topic => {
  const text = EXPLANATIONS[topic]({ ...subject(topic), diagnosis: undefined })
  expect(text).not.toMatch(/undefined|null|NaN/)
})

test.each([1, 3, 4])('%d profiles that trust the service ID', count => {
  const trusting = ['Profile-1', 'Profile-2', 'Profile-3', 'Profile-4'].slice(0, count)
  const diagnosis: Diagnosis = { kind: 'untrusted', iamId: 'ServiceId-of-iam-itself', trusting }
  const text = EXPLANATIONS.untrusted({ ...subject('untrusted'), diagnosis })
  for (const [index, profile] of trusting.entries()) expect(text.includes(profile)).toBe(index < 3)
  expect(text).toMatchSnapshot()
})

test('an untrusted profile where nothing is known', () => {
  expect(EXPLANATIONS.untrusted({ ...subject('untrusted'), diagnosis: undefined })).toMatchSnapshot()
})

test('a quota in a region that is newer than this release', () => {
  expect(EXPLANATIONS.quota({ ...subject('quota'), domains: ['new.icr.io'] })).toMatchSnapshot()
})

test('the words that were said end in one full stop', () => {
  const said = (output: string) => EXPLANATIONS.unknown({ ...subject('unknown'), output })
  for (const output of ['what. they said', 'what. they said.', 'what. they said. . \n'])
    expect(said(output)).toBe(said('what. they said'))
})

test('each topic is a section of docs/troubleshooting.md, which errors link to', () => {
  const sections = readFileSync('docs/troubleshooting.md', 'utf8')
    .match(/^## .*$/gm)
    ?.map(line => line.slice(3))
  expect(sections).toEqual(expect.arrayContaining([...topics, 'check-push', 'check-pull']))
})
