"""signals keep whether words were passed on, and the speaker's mood; None for older ones"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0005'
down_revision: str | None = '0004'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('signal', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reported', sa.Float(), nullable=True))
        batch_op.add_column(sa.Column('mood', sa.Float(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('signal', schema=None) as batch_op:
        batch_op.drop_column('mood')
        batch_op.drop_column('reported')
