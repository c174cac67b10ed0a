import path from 'node:path'

/**
 * Where the file of the input `credentials-file` is.
 *
 * @param file as it was given; relative to the workspace
 * @param warn is told of a place where others may pick it up
 * @returns its absolute path
 */
export function credentialsFilePath(
  file: string,
  env: NodeJS.ProcessEnv,
  warn: (message: string) => void,
): string {
  const workspace = env.GITHUB_WORKSPACE || process.cwd()
  const absolute = path.resolve(workspace, file)
  const fromWorkspace = path.relative(workspace, absolute)
  // On Windows a file on another drive has no relative path.
  if (fromWorkspace.split(path.sep)[0] !== '..' && !path.isAbsolute(fromWorkspace)) {
    warn(
      `credentials-file: ${absolute} is inside the workspace. Name it in .dockerignore, so that it gets into no image, and upload no artifact with it in; or put it into RUNNER_TEMP.`,
    )
  }
  return absolute
}
