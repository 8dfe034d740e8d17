import { Text } from '@mantine/core';

type Address = {
  readonly name: string;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postcode: string;
  readonly country: string;
  readonly phone: string | null;
};

/** An address on one line, for pickers. */
export const addressText = ({ name, line1, city, country }: Address): string =>
  [name, line1, city, country].join(', ');

/** An address as it is written on a parcel. */
export const AddressLines = ({
  title,
  address,
}: {
  readonly title?: string;
  readonly address: Address | null;
}) => (
  <div>
    {title && (
      <Text size="sm" c="dimmed">
        {title}
      </Text>
    )}
    {address ? (
      <Text
        component="address"
        size="sm"
        style={{ fontStyle: 'normal', whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}
      >
        {[
          address.name,
          address.line1,
          address.line2,
          [address.postcode, address.city].filter(Boolean).join(' '),
          [address.region, address.country].filter(Boolean).join(', '),
          address.phone,
        ]
          .filter(Boolean)
          .join('\n')}
      </Text>
    ) : (
      <Text size="sm">No address</Text>
    )}
  </div>
);
