import { join } from 'node:path'
import { LevelLog } from '../../analysis/level-log/level-log.js'
import type { LevelFollower } from '../../analysis/levels/follower.js'
import { PyramidFollower } from '../../analysis/pyramid/pyramid-follower.js'
import type { SourceConfig } from '../../config/station-config.js'
import type { IsrError } from '../../errors.js'
import { GrowingFile } from '../../storages/growing-file.js'
import { ANALYSES_FOLDER, AnalysesFolder } from '../analysis/analyses-folder.js'
import { LevelLogFiles } from './level-log-files.js'

/**
 * What a configured source wants to be done with its levels.
 * @param onFault - told what could not be written; recording goes on
 */
export function levelFollowers(config: SourceConfig, onFault: (error: IsrError) => void): LevelFollower[] {
  const { name, outputDirectory: directory, timeZone } = config
  const analyses = new AnalysesFolder(join(directory, ANALYSES_FOLDER))
  const followers: LevelFollower[] = []
  if (config.analyze === 'live')
    followers.push(new PyramidFollower((recording) => new GrowingFile(analyses.levelsPath(recording), onFault)))
  if (config.levelLog) followers.push(new LevelLog(new LevelLogFiles(directory, name, onFault), timeZone))
  return followers
}
