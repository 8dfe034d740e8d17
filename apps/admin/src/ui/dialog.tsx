import { Modal, type ModalProps } from '@mantine/core';
import type { ReactNode } from 'react';

type Props = {
  readonly title: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly size?: ModalProps['size'];
  readonly children: ReactNode;
};

/** One task above the page; what it asked is forgotten when it closes. */
export const Dialog = ({ title, opened, onClose, size = 'md', children }: Props) => (
  <Modal title={title} opened={opened} onClose={onClose} size={size}>
    {children}
  </Modal>
);
