import { send } from '../api/client';

/** Lets the browser keep an answer as a file; a link cannot ask for another type than the first. */
export async function saveAs(name: string, address: string, accept: string): Promise<void> {
  const response = await send(address, { headers: { Accept: accept } });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
