"""Contract suites that a plug-in's own tests run: subclass, name your class, collect with pytest.

from soundstage.testing import EngineContract

class TestMyEngine(EngineContract):
engine_class = MyEngine
"""

from soundstage.testing.engine_contract import EngineContract
from soundstage.testing.store_contract import StoreContract

__all__ = ["EngineContract", "StoreContract"]
