import { Failure } from './failure.ts'
import type { Problem } from './login.ts'

export async function explain(problems: Problem[]): Promise<Failure> {
  return new Failure(problems.map(p => `${p.domain} ${p.client} ${p.cause} ${p.words}`).join('\n'))
}
