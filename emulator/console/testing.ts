/** For the console's own tests. */
import { drivenClock } from '../clock.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../server.ts';

/** Runs a test with an emulator of its own, whose idle time is skipped. */
export async function withEmulator(
  body: (emulator: Emulator) => Promise<void>,
  options: EmulatorOptions = {},
): Promise<void> {
  const emulator = await startEmulator({ clock: drivenClock({ auto: true }), ...options });
  try {
    await body(emulator);
  } finally {
    await emulator.close();
  }
}
