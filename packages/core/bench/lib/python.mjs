/** RMS of each channel of a 16-bit stereo WAV file at 44.1 kHz, in the fastest form that was found: `python3 -c WAVE_NUMPY PATH WINDOWS`. */
export const WAVE_NUMPY = `
import sys, wave, numpy
w = wave.open(sys.argv[1])
levels = []
while True:
    x = numpy.frombuffer(w.readframes(44100), '<i2')
    if len(x) == 0: break
    x = x.reshape(-1, 4410, 2).astype('f4')
    squares = [numpy.einsum('ij,ij->i', x[:, :, c], x[:, :, c]) for c in (0, 1)]
    levels.append(numpy.sqrt(numpy.stack(squares, 1) / 4410) / 32768)
assert sum(map(len, levels)) == int(sys.argv[2])
`

/** RMS of any file as soundfile is read most simply: `python3 -c SOUNDFILE PATH`. */
export const SOUNDFILE = `
import sys, numpy, soundfile
f = soundfile.SoundFile(sys.argv[1])
for x in f.blocks(blocksize=f.samplerate // 10): numpy.sqrt(numpy.mean(x ** 2, axis=0))
`

/** The same in the fastest form that was found: floats, a second at a time. */
export const SOUNDFILE_TUNED = `
import sys, numpy, soundfile
f = soundfile.SoundFile(sys.argv[1])
n = f.samplerate // 10
for x in f.blocks(blocksize=n * 10, dtype='float32'):
    m = len(x) // n
    numpy.sqrt((x[:m * n].reshape(m, n, -1) ** 2).mean(axis=1))
`
