"""Flesh: closed skins with outward normals, tied to bones, lit on the side that faces the light."""

import numpy as np
import pytest

from soundstage.render.previz.kernels.flesh import light_skin
from soundstage.render.previz.rig import sdf, skin, surface
from soundstage.render.previz.rig.skeleton import Turn, assemble, matrices, placement
from soundstage.render.previz.subjects.quadruped_rig import read_table


def ball(radius: float = 0.2) -> sdf.Group:
    cone = sdf.Cone(
        bone="a", start=(0.1, 0, 0), end=(0.1, 0, 0), start_radius=radius, end_radius=radius, blend=0.001
    )
    return sdf.Group(cones=(cone,), cell=0.02)


def test_a_ball_is_round_and_closed():
    """The skin of a ball lies on its radius, and each edge is shared by exactly two triangles."""
    group = ball()
    found = surface.extract(sdf.sample(group), group.cones)
    radius = np.linalg.norm(found.points - np.array([0.1, 0, 0]), axis=1)
    assert np.abs(radius - 0.2).max() < 0.004
    edges = np.sort(np.concatenate([found.triangles[:, [i, (i + 1) % 3]] for i in range(3)]), axis=1)
    _, uses = np.unique(edges, axis=0, return_counts=True)
    assert (uses == 2).all()


def test_a_balls_normals_point_outward():
    """Gradient normals leave the ball's middle."""
    group = ball()
    found = surface.extract(sdf.sample(group), group.cones)
    out = (found.points - np.array([0.1, 0, 0])) / 0.2
    assert (np.einsum("ij,ij->i", found.normals, out) > 0.98).all()


def test_distances_agree_with_numpy():
    """The kernel's distance to one cone is the one that numpy gives."""
    cone = sdf.Cone(
        bone="a", start=(0, 0, 0), end=(0.3, 0.1, 0.05), start_radius=0.1, end_radius=0.04, breadth=0.6
    )
    points = np.random.default_rng(1).uniform(-0.3, 0.5, (200, 3)).astype(np.float32)
    expected = sdf.cone_distances([cone], points)[:, 0]
    np.testing.assert_allclose(sdf.distances([cone], points), expected, atol=2e-5)


@pytest.mark.parametrize("part", ["winding", "weights", "matter", "openness"])
def test_every_vertex_of_a_dog_is_sound(dog, part):
    """Triangles are wound outward; weights and matters sum to 1; openness stays within 0..1."""
    body = dog.body
    if part == "winding":
        a, b, c = (body.points[body.triangles[:, i]] for i in range(3))
        outward = np.einsum("ij,ij->i", np.cross(b - a, c - a), body.normals[body.triangles].sum(axis=1))
        assert (outward > 0).mean() > 0.995
    elif part == "weights":
        np.testing.assert_allclose(body.weights.sum(axis=1), 1, atol=1e-5)
        assert (body.weights >= 0).all()
        assert (np.diff(body.weights, axis=1) <= 1e-6).all()
    elif part == "matter":
        np.testing.assert_allclose(body.matter.sum(axis=1), 1, atol=1e-5)
    else:
        assert body.openness.min() >= 0
        assert 0.5 < body.openness.mean() <= 1


def test_no_skin_is_cut_open_by_its_grid(dog):
    """Every edge of the whole body has two triangles: the sampled grids held all the flesh."""
    edges = np.sort(np.concatenate([dog.body.triangles[:, [i, (i + 1) % 3]] for i in range(3)]), axis=1)
    _, uses = np.unique(edges, axis=0, return_counts=True)
    assert (uses % 2 == 0).all()


def test_the_rest_pose_moves_nothing(dog):
    """Skinning by an empty pose at the origin is the identity."""
    points, normals = skin.deform(dog.body, matrices(dog.body.skeleton, {}, np.eye(4)))
    np.testing.assert_allclose(points, dog.body.points, atol=1e-5)
    np.testing.assert_allclose(normals, dog.body.normals, atol=1e-4)


def test_a_turned_bone_carries_its_own_and_leaves_the_rest(dog):
    """A jaw that opens lowers the chin; the tail stays."""
    body = dog.body
    points, _ = skin.deform(body, matrices(body.skeleton, {"jaw": Turn(z=-0.5)}, np.eye(4)))
    jaw, tail = body.vertices_of("jaw"), body.vertices_of("tail2")
    front = jaw[np.argmax(body.points[jaw, 0])]
    assert points[front, 1] < body.points[front, 1] - 0.03
    np.testing.assert_allclose(points[tail], body.points[tail], atol=1e-5)


def test_placement_faces_where_it_is_told():
    """A yaw of a quarter turn takes +x to +z, and the size scales."""
    root = placement(1.0, 2.0, 3.0, np.pi / 2, 2.0)
    np.testing.assert_allclose(root @ [1, 0, 0, 1], [1, 2, 5, 1], atol=1e-12)


def test_a_child_before_its_parent_is_refused():
    """Bones must be listed parents first; the error names both."""
    with pytest.raises(ValueError, match=r"'hand'.*'arm'"):
        assemble({"hand": ("arm", (0, 0, 0)), "arm": (None, (0, 0, 0))})


def test_the_lit_side_faces_the_light(dog, sun_light):
    """Skin turned to the sun is brighter than skin turned away, on average by far."""
    body = dog.body
    received, colours = np.empty((len(body.points), 4), np.float32), np.empty_like(body.points)
    grey = np.full_like(body.points, 0.5)
    free = np.ones(len(body.points), np.float32)
    light_skin(body.points, body.normals, grey, np.zeros_like(free), free, sun_light, received, colours)
    facing = body.normals @ sun_light[:3]
    assert colours[facing > 0.6].mean() > 2.5 * colours[facing < -0.3].mean()


@pytest.mark.parametrize("name", list(read_table()["animals"]))
def test_every_animal_of_the_table_can_be_built(name):
    """Each entry gives a whole body with fur and two eyes, finite everywhere."""
    from soundstage.render.previz.subjects.quadruped_rig import make_rig

    rig = make_rig(name, "", 1.0, 1)
    assert 5_000 < len(rig.body.points) < 30_000
    assert np.isfinite(rig.body.points).all()
    assert np.isfinite(rig.coat.strands).all()
    assert ((rig.albedo >= 0) & (rig.albedo <= 1)).all()
    assert sum(d.lid for d in rig.decals) == 6
