import type { DecoderSetup, OpenDecoder, PacketDecoder } from '../../decoders/decoder.js'

/**
 * Decoders that are opened once for many places of a file: opening one takes far longer than the tenth of a second that is decoded there.
 * One that was used may give the rest of the place before first, so places are exact to a block of the codec only.
 */
export class ReusedDecoders {
  readonly #openDecoder: OpenDecoder
  #kept?: { readonly setup: DecoderSetup; readonly decoder: PacketDecoder }

  /** @param openDecoder - opens those that are not there yet */
  constructor(openDecoder: OpenDecoder) {
    this.#openDecoder = openDecoder
  }

  /** Takes the one that was given back, or opens one. */
  readonly open: OpenDecoder = async (setup) => {
    const kept = this.#kept
    this.#kept = undefined
    if (kept && !isSame(kept.setup, setup)) kept.decoder.close()
    const decoder = kept && isSame(kept.setup, setup) ? kept.decoder : await this.#openDecoder(setup)
    return { decode: (packet) => decoder.decode(packet), close: () => this.#keep(setup, decoder) }
  }

  /** Frees what is kept. */
  close(): void {
    this.#kept?.decoder.close()
    this.#kept = undefined
  }

  #keep(setup: DecoderSetup, decoder: PacketDecoder): void {
    this.close()
    this.#kept = { setup, decoder }
  }
}

function isSame(one: DecoderSetup, other: DecoderSetup): boolean {
  return (
    one.codec === other.codec &&
    one.channels === other.channels &&
    one.headers.length === other.headers.length &&
    one.headers.every((header, at) => Buffer.compare(header, other.headers[at]) === 0)
  )
}
