/** The options of a select whose values are also their names. */
export function Options({ of }: { of: readonly string[] }) {
  return (
    <>
      {of.map((each) => (
        <option key={each}>{each}</option>
      ))}
    </>
  );
}
