"""deviation checks: what was looked at, what was found, what people decided"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from core.tables.columns import UtcDateTime

revision: str = '0004'
down_revision: str | None = '0003'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('deviation',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('tenant_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('deal_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('fingerprint', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('field', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('first_seen_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('tenant_id', 'deal_id', 'fingerprint')
    )
    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deviation_deal_id'), ['deal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deviation_tenant_id'), ['tenant_id'], unique=False)

    op.create_table('deviation_report',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('tenant_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('deal_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('started_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('deviation_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deviation_report_deal_id'), ['deal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deviation_report_tenant_id'), ['tenant_id'], unique=False)

    op.create_table('deviation_check',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('tenant_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('deal_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('source_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('outcome', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kinds', sa.JSON(), nullable=False),
    sa.Column('due_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('settled_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('report_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.ForeignKeyConstraint(['report_id'], ['deviation_report.id'], ),
    sa.ForeignKeyConstraint(['source_id'], ['source.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('tenant_id', 'deal_id', 'source_id', 'version')
    )
    with op.batch_alter_table('deviation_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deviation_check_report_id'), ['report_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deviation_check_source_id'), ['source_id'], unique=False)

    op.create_table('deviation_decision',
    sa.Column('id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('tenant_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('deviation_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('decision', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('decided_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('agreed_change', sa.JSON(), nullable=True),
    sa.Column('idempotency_key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('decided_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['deviation_id'], ['deviation.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('tenant_id', 'idempotency_key')
    )
    with op.batch_alter_table('deviation_decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deviation_decision_deviation_id'), ['deviation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_deviation_decision_tenant_id'), ['tenant_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('deviation_decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deviation_decision_tenant_id'))
        batch_op.drop_index(batch_op.f('ix_deviation_decision_deviation_id'))

    op.drop_table('deviation_decision')
    with op.batch_alter_table('deviation_check', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deviation_check_source_id'))
        batch_op.drop_index(batch_op.f('ix_deviation_check_report_id'))

    op.drop_table('deviation_check')
    with op.batch_alter_table('deviation_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deviation_report_tenant_id'))
        batch_op.drop_index(batch_op.f('ix_deviation_report_deal_id'))

    op.drop_table('deviation_report')
    with op.batch_alter_table('deviation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_deviation_tenant_id'))
        batch_op.drop_index(batch_op.f('ix_deviation_deal_id'))

    op.drop_table('deviation')
