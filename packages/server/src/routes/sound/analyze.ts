import {
  AdaptiveDetector,
  analysisToJson,
  FileStorage,
  HIGHLIGHT_SCORE_DB,
  ThresholdDetector,
  type Detector,
} from '@isr/core'
import type { z } from 'zod'
import { AnalyzeAnswer, AnalyzeQuery } from '../../api/analysis.js'
import type { ServerContext } from '../../context.js'
import { endpoint } from '../../http/endpoint.js'
import { HttpError } from '../../http/http-error.js'
import { knownRecording } from '../../listing/known-recording.js'

/** `GET /api/analyze` */
export const analyze = endpoint({
  method: 'get',
  path: '/api/analyze',
  summary: 'Levels and sections of a recording; kept, so that they are measured once',
  query: AnalyzeQuery,
  answers: { 200: { description: 'What happened in it', schema: AnalyzeAnswer } },
  async handle({ query, request, response, signal }, context) {
    const entry = knownRecording(context, query.file)
    if (entry.active)
      throw new HttpError(409, 'HTTP_RECORDING', 'it is being recorded: it can be analysed when it is closed')
    const analysis = await context.costly.run(request.ip ?? '', () =>
      context.analyzer.analyze(
        { storage: new FileStorage({ directory: context.directory }), name: entry.name },
        {
          signal,
          detector: detectorOf(query, context),
          loudness: query.loudness === '1',
        },
      ),
    )
    await context.review.analyses.look(entry.name)
    // scores of a fixed threshold are levels: none of them stands out
    const isScored = analysis.detector.name === 'adaptive'
    response.json({ ...analysisToJson(analysis), ...(isScored && { highlight_score: HIGHLIGHT_SCORE_DB }) })
  },
})

function detectorOf(
  { detector, threshold, min_gap: minGapSeconds }: z.output<typeof AnalyzeQuery>,
  { defaults }: ServerContext,
): Detector {
  const isFixed =
    detector === undefined ? threshold !== undefined || minGapSeconds !== undefined : detector === 'threshold'
  if (!isFixed) return new AdaptiveDetector({ ...(minGapSeconds !== undefined && { minGapSeconds }) })
  return new ThresholdDetector({
    thresholdRms: threshold ?? defaults.threshold,
    minGapSeconds: minGapSeconds ?? defaults.minGapSeconds,
  })
}
