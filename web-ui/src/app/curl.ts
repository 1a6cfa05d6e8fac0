/** A request for a shell: what the console does, anyone can do. The body is JSON, or the content of a file. */
export function curl(method: string, path: string, body?: object, file?: string): string {
  const lines = [`curl -X ${method} -H "Authorization: Bearer $TOKEN"`];
  if (body) {
    lines[0] += ` -H 'Content-Type: application/json'`;
    lines.push(`  -d '${JSON.stringify(body).replaceAll("'", `'\\''`)}'`);
  }
  if (file) lines.push(`  --data-binary '@${file}' -H 'Content-Type: application/octet-stream'`);
  lines.push(`  '${location.origin}${path}'`);
  return lines.join(' \\\n');
}
