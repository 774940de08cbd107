"""vectors for pgvector, on PostgreSQL where the extension is available"""

from collections.abc import Sequence

from alembic import op

from core.tables.passage_vectors import PASSAGE_VECTOR, create_passage_vector

revision: str = '0003'
down_revision: str | None = '0002'
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        create_passage_vector(connection)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TABLE IF EXISTS {PASSAGE_VECTOR}")
