import { IsrError, toIsrError } from '../errors.js'

/**
 * Loads a package that need not be installed.
 * @throws {@link IsrError} `ISR_DECODER_MISSING`, with the package's name
 */
export async function loadPackage<Module>(
  codec: string,
  name: string,
  importPackage: () => Promise<Module>,
): Promise<Module> {
  try {
    return await importPackage()
  } catch (error) {
    const why = toIsrError(error, 'ISR_DECODER_MISSING').message.split('\n', 1)[0]
    throw new IsrError(
      'ISR_DECODER_MISSING',
      `decoding ${codec} needs the package ${name}, which cannot be loaded (npm install ${name} mends it): ${why}`,
      { cause: error },
    )
  }
}
